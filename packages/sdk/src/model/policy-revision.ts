import type { SandboxPolicy } from './sandbox-policy.js'

/** How far a revision has come in its sandbox; `unrecognized` is a state that this release does not know. */
export type PolicyStatus = 'unspecified' | 'pending' | 'loaded' | 'failed' | 'superseded' | 'unrecognized'

/** One revision of a policy. */
export interface PolicyRevision {
  /** 1 for the first policy that was set. */
  readonly version: number
  readonly hash: string
  /** `failed`: the sandbox keeps the last good revision. */
  readonly status: PolicyStatus
  /** Why it was not loaded; empty otherwise. */
  readonly loadError: string
  readonly createdAt: Date
  /** When the sandbox took it; absent while it has not. */
  readonly loadedAt?: Date
  /** The policy itself; absent in a history. */
  readonly policy?: SandboxPolicy
  /** Where its parts come from. */
  readonly provenance: Readonly<Record<string, string>>
}

/** A revision, and the version that is in force. */
export interface PolicyStatusInfo {
  readonly revision: PolicyRevision
  /** 0 when none is in force yet, and for the gateway's own policy. */
  readonly activeVersion: number
}

/** What a change of a policy led to. */
export interface PolicyUpdateResult {
  readonly version: number
  readonly hash: string
}
