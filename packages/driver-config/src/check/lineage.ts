import type { JsonValue } from '../envelope/json-value.js'
import type { ConfigOwner } from '../issue/owner-title.js'
import type { HintVersion, Replacements } from '../issue/version-hints.js'
import type { SchemaDigests } from '../schema/schema-digest.js'
import type { SchemaNode } from '../schema/schema-node.js'
import type { Acceptor } from './acceptor.js'
import type { ConfigGate, OperatorPolicy } from './config-gate.js'
import type { Deprecations } from './deprecation.js'
import type { DriverOnlyPart } from './driver-only-part.js'
import type { ConfigLimits } from './limits.js'
import type { ResourceCheck } from './resource-check.js'
import type { ConfigRule } from './rules.js'
import type { SandboxRequest } from './sandbox-request.js'
import type { SecretPlaces } from './secrets.js'

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
  /** True when the author wrote `down` as code; otherwise it comes with the operations. */
  readonly hasOwnDown: boolean
  /** The operations of `up` as data, when it is made of operations. */
  readonly operations?: readonly JsonValue[]
  readonly replaces: Replacements
  readonly digests: SchemaDigests
  readonly rules: readonly ConfigRule<never>[]
  readonly deprecations: Deprecations
  readonly secrets: SecretPlaces
  /** True when unknown keys are warnings and are left out, for drivers that used to ignore them. */
  readonly ignoresUnknownKeys: boolean
  /** True when null means absent for some member of the schema. */
  readonly hasAbsentNulls: boolean
  /** True when a valid block can give no warning: nothing is deprecated, experimental or a reference to a secret. */
  readonly isPlain: boolean
  /** True when a field of the schema is experimental. */
  readonly hasExperimentalFields: boolean
  /** Accepts a block that needs no report, in one pass; with defaults. */
  readonly acceptComplete: Acceptor
  /** The same without defaults, for what rules look at. */
  readonly acceptBody: Acceptor
}

/** A version that is no longer read, kept in the declaration for ever. */
export interface Tombstone {
  /** The driver version that stopped reading it. */
  readonly in: string
  /** The last driver version that reads it. */
  readonly lastReader: string
}

/** Everything that was declared for one driver, ready for the checks. */
export interface ConfigLineage extends ConfigOwner {
  readonly root: string
  readonly migrateCommand?: string
  /** Where secrets belong, as a phrase: `use provider credentials instead`. */
  readonly secretAlternative: string
  readonly min: number
  readonly max: number
  readonly baseline: number
  readonly versions: ReadonlyMap<number, ConfigVersion>
  readonly current: ConfigVersion
  readonly hints: readonly HintVersion[]
  readonly tombstones: ReadonlyMap<number, Tombstone>
  readonly gates: readonly ConfigGate<never>[]
  readonly resources: readonly ResourceCheck[]
  /** Names what only the driver can do, in a config that was loaded from its bundle; absent in the driver's own. */
  readonly driverOnly?: readonly DriverOnlyPart[]
  readonly limits: ConfigLimits
}

/** What a caller knows about the situation of a block. Everything may be absent. */
export interface ParseContext {
  /** The version of the driver, or of another owner, for texts: `driver acme 1.4.0`. */
  readonly driverVersion?: string
  /** The typed fields of the request beside the block, for rules. */
  readonly request?: SandboxRequest
  /** What the operator allows, for gates. Absent: nothing is refused. */
  readonly policy?: OperatorPolicy
  /** Also warns about what is fine but could be better: a missing marker. @default false */
  readonly strict?: boolean
}
