import type { JsonValue } from '../envelope/json-value.js'
import type { HintVersion, Replacements } from '../issue/version-hints.js'
import type { SchemaDigests } from '../schema/schema-digest.js'
import type { SchemaNode } from '../schema/schema-node.js'
import type { ConfigLimits } from './limits.js'

/** How mature a version is. */
export type VersionStatus = 'experimental' | 'beta' | 'stable' | 'deprecated'

/** Records what a migration could not carry over; shown to the user as a warning. Never put a value into the text. */
export type Note = (text: string) => void

/** One step between two neighbouring versions. */
export type Migration = (value: JsonValue, note: Note) => unknown

/** A version as the checks see it. */
export interface ConfigVersion {
  readonly number: number
  readonly node: SchemaNode
  readonly status: VersionStatus
  /** The driver version that introduced it. */
  readonly since?: string
  /** From the version before; absent for the oldest one. */
  readonly up?: Migration
  /** To the version before. */
  readonly down?: Migration
  readonly replaces: Replacements
  readonly digests: SchemaDigests
}

/** Everything that was declared for one driver, ready for the checks. */
export interface ConfigLineage {
  readonly driverName: string
  readonly root: string
  readonly migrateCommand?: string
  readonly min: number
  readonly max: number
  readonly baseline: number
  readonly versions: ReadonlyMap<number, ConfigVersion>
  readonly current: ConfigVersion
  readonly hints: readonly HintVersion[]
  readonly limits: ConfigLimits
}

/** What a caller knows about the situation of a block. */
export interface ParseContext {
  /** The driver's own version, for texts: `driver acme 1.4.0`. */
  readonly driverVersion?: string
}

/** The driver in words: `acme 1.4.0`, or `acme` when its version is not known. */
export function driverTitle(lineage: ConfigLineage, context: ParseContext): string {
  return context.driverVersion === undefined ? lineage.driverName : `${lineage.driverName} ${context.driverVersion}`
}
