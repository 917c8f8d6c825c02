import type { ConfigIssue } from './config-issue.js'

/** At least one issue, in document order. */
export type ConfigIssues = readonly [ConfigIssue, ...ConfigIssue[]]

/** How the block came in: not at all, or as an object (which may be empty). The verdict never depends on it. */
export type Arrival = 'absent' | 'present'

/** An accepted block. */
export interface AcceptedConfig<T> {
  readonly ok: true
  /** The value, deeply frozen; a copy, never the caller's object. */
  readonly value: T
  /** Problems that do not change the verdict, at most 16. */
  readonly warnings: readonly ConfigIssue[]
  /** The version that the block declared, or that its missing marker stands for. */
  readonly declaredVersion: number
  /** Whether there was a block at all. */
  readonly arrival: Arrival
  /** `sha256:…` of the current version's shape: equal digests mean the same set of accepted documents. */
  readonly digest: string
}

/** A refused block. */
export interface RefusedConfig {
  readonly ok: false
  /** Every problem that was found, in document order. */
  readonly issues: ConfigIssues
  /** Problems that would not have refused the block. */
  readonly warnings: readonly ConfigIssue[]
}

/** The verdict on a block, as data. */
export type CheckResult<T> = AcceptedConfig<T> | RefusedConfig

/** Narrows a list to one with at least one issue. */
export function hasIssues(issues: readonly ConfigIssue[]): issues is ConfigIssues {
  return issues.length > 0
}
