import type { VersionStatus } from '../check/lineage.js'
import type { JsonObject } from '../envelope/json-value.js'
import type { BundleLimits } from '../publish/bundle-data.js'

/** Grows with every change of what a lock file means: a reader refuses what it does not know. */
export const lockFormat = 1

/** Name of the document in paths. */
export const lockRoot = 'lock'

/** One version as it was when it was recorded. */
export interface LockedVersion {
  readonly status: VersionStatus
  /** The driver version that introduced it, when it is known. */
  readonly since?: string
  /** `false` for a version that has not shipped and may change freely; absent for one that is frozen. */
  readonly released?: false
  /** `sha256:…` of what decides which documents are accepted. */
  readonly shape_digest: string
  /** `sha256:…` that also covers descriptions. */
  readonly text_digest: string
  /** The schema of the version, without a marker. */
  readonly schema: JsonObject
  /** The rules that refuse blocks, as `name@revision`, sorted. */
  readonly rules: readonly string[]
  /** `sha256:…` of the operations that lead here; `null` for the oldest version and for a step in code. */
  readonly hop_digest: string | null
  /** `sha256:…` of the examples of the version. */
  readonly fixtures: string
  /** `warn` when unknown keys are left out with a warning; absent when they are refused. */
  readonly unknown_keys?: 'warn'
}

/** A version that is no longer read. */
export interface LockedTombstone {
  readonly in: string
  readonly lastReader: string
}

/** One difference that someone has looked at and answers for. */
export interface ConfigWaiver {
  /** The fingerprint of the difference, which the report prints. */
  readonly fingerprint: string
  readonly rule: string
  readonly reason: string
  readonly by: string
  /** The last day on which it counts, in UTC: `2027-01-31`. */
  readonly expires: string
}

/**
 * What was released of a config, as `driver-config.lock.json` holds it. Records are never taken away: those of versions that are no
 * longer read stay as well.
 */
export interface ConfigLock {
  readonly lock_format: typeof lockFormat
  /** The key of the block in an envelope. */
  readonly driver: string
  /** The version that a block without a marker means. */
  readonly unversioned: number
  readonly limits: BundleLimits
  /** By number. */
  readonly versions: Readonly<Record<string, LockedVersion>>
  /** By number. */
  readonly removed: Readonly<Record<string, LockedTombstone>>
  readonly waivers: readonly ConfigWaiver[]
}
