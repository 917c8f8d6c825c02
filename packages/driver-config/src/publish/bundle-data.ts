import type { VersionStatus } from '../check/lineage.js'
import type { FieldConstant } from '../check/rules.js'
import type { PublishedExamples } from '../define/driver-config.js'
import type { JsonObject, JsonValue } from '../envelope/json-value.js'
import type { IssueCode } from '../issue/codes.js'
import type { Replacements } from '../issue/version-hints.js'

/** Grows with every change of what a bundle means: a reader refuses what it does not know. */
export const bundleFormat = 1

/** The keyword of a bundle's schema that holds everything that no keyword of JSON Schema says. */
export const bundleKeyword = 'x-bundle'

/** What a bundle says about a config beside the schemas of its versions. */
export interface BundleData {
  readonly bundle_format: number
  /** `sha256:…` of the canonical JSON of the whole bundle without this member. */
  readonly digest: string
  /** The key of the block in an envelope. */
  readonly driver: string
  readonly driver_version?: string
  readonly domain: string
  readonly root: string
  readonly owner: string
  readonly secret_alternative: string
  readonly migrate_command?: string
  readonly min: number
  readonly max: number
  /** The version that a block without a marker means. */
  readonly unversioned: number
  readonly reserved_names: readonly string[]
  readonly limits: BundleLimits
  /** Oldest first, one for each `$defs/vN`. */
  readonly versions: readonly BundleVersion[]
  /** The steps between neighbouring versions, oldest first. */
  readonly hops: readonly BundleHop[]
  readonly removed: readonly BundleTombstone[]
  /** Decisions of the operator, by name: only the driver can make them. */
  readonly gates: readonly string[]
  /** What the driver looks up in the outside world. */
  readonly lookups: readonly BundleLookup[]
}

/** The bounds of every block. */
export interface BundleLimits {
  readonly encoded_bytes: number
  readonly depth: number
  readonly keys: number
  readonly key_length: number
  readonly string_length: number
  readonly items: number
}

/** One version beside its schema. */
export interface BundleVersion {
  readonly version: number
  readonly status: VersionStatus
  readonly since?: string
  readonly shape_digest: string
  readonly text_digest: string
  readonly unknown_keys: 'refuse' | 'warn'
  readonly rules: readonly BundleRule[]
  readonly deprecated: readonly BundleDeprecation[]
  readonly examples: PublishedExamples & { readonly invalid: readonly { readonly code: IssueCode }[] }
}

/** A rule; without `portable` only the driver can run it. */
export interface BundleRule {
  readonly name: string
  readonly revision: number
  readonly reads: readonly string[]
  readonly enforce: 'error' | 'warn'
  readonly description?: string
  readonly portable?: BundlePortableRule
}

/** What a rule that runs anywhere asks for. Only `implies` has values. */
export interface BundlePortableRule {
  readonly kind: 'requires' | 'exclusive' | 'implies'
  /** Path templates of two members of one object. */
  readonly first: string
  readonly second: string
  readonly first_is?: FieldConstant
  readonly second_is?: FieldConstant
}

/** Something that should no longer be used. */
export interface BundleDeprecation {
  /** `mounts[].ro`, `mounts[].type=nfs`, or empty for the version itself. */
  readonly path: string
  readonly since: string
  readonly message: string
  readonly replaced_by?: readonly string[]
  readonly url?: string
  readonly removed_in?: number
  readonly sunset?: string
}

/** One step between two neighbouring versions. */
export interface BundleHop {
  readonly from: number
  readonly to: number
  /** In order; one with `opaque` is code, and then only the driver can take the step. */
  readonly ops: readonly JsonObject[]
  /** Where the way back comes from: the operations, code of the driver, or nowhere. */
  readonly down: 'operations' | 'code' | 'none'
  /** Fields of `from` and what replaces them in `to`, beside what the operations say. */
  readonly replaces: Replacements
}

/** A version that is no longer read. */
export interface BundleTombstone {
  readonly version: number
  readonly in: string
  readonly last_reader: string
}

/** A lookup of what a block names. */
export interface BundleLookup {
  readonly what: string
  readonly path: string
}

/** A bundle: a JSON Schema 2020-12 of all versions, with what else there is to say. */
export interface BundleDocument {
  readonly $schema: string
  readonly $id: string
  readonly title: string
  readonly $defs: Readonly<Record<string, JsonObject>>
  readonly oneOf: readonly JsonValue[]
  readonly [bundleKeyword]: BundleData
}
