import type { MigrationProof } from './check-migrations.js'
import type { ConfigWaiver } from './config-lock.js'
import type { SchemaChange } from './schema-change.js'

/** One difference between what was released and what the config declares. */
export interface VersionChange extends SchemaChange {
  /** The `schema_version` that it is about; 0 for the config as a whole. */
  readonly version: number
  /** Twelve hexadecimal digits for a waiver to name; no waiver covers a migration that is missing or fails. */
  readonly fingerprint: string
  /** Who answers for it; then it does not count. */
  readonly waiver?: ConfigWaiver
}

/** What can be said about the lock file itself, to branch on. */
export type LockNoticeCode = 'LOCK_DRIFT' | 'LOCK_EDITED' | 'WAIVER_EXPIRED' | 'WAIVER_UNUSED'

/** Something about the lock file itself. */
export interface LockNotice {
  readonly code: LockNoticeCode
  readonly verdict: 'break' | 'warning'
  /** What it is, and what to do. */
  readonly message: string
}

/** What a config is to the documents of its earlier releases. */
export interface CompatibilityReport {
  readonly driver: string
  /** `break` when something fails, `unknown` when something needs an author's decision, else `ok`. */
  readonly verdict: 'ok' | 'break' | 'unknown'
  /** Every difference, waived ones as well, by version. */
  readonly changes: readonly VersionChange[]
  readonly notices: readonly LockNotice[]
  /** What is known about the way from each older version to the current one. */
  readonly migrations: readonly MigrationProof[]
}
