import type { NetworkPolicyRule, SandboxPolicy } from './sandbox-policy.js'

/** A network rule that a sandbox's supervisor proposes, because something was denied. */
export interface DraftChunk {
  readonly id: string
  /** The gateway's word, such as `pending`, `approved` or `rejected`. */
  readonly status: string
  readonly ruleName: string
  /** Absent when the gateway gave none. */
  readonly proposedRule?: NetworkPolicyRule
  /** Why it is proposed, for people. */
  readonly rationale: string
  /** What is dangerous about it; empty when nothing is. */
  readonly securityNotes: string
  /** How sure the proposal is, from 0 to 1. */
  readonly confidence: number
  /** The program that asked; empty for several. */
  readonly binary: string
  /** How often it was denied. */
  readonly hitCount: number
  readonly createdAt: Date
  /** When it was decided about; absent while it was not. */
  readonly decidedAt?: Date
  readonly firstSeenAt?: Date
  readonly lastSeenAt?: Date
  /** Result of the gateway's check of the proposal. */
  readonly validationResult: string
  readonly rejectionReason: string
  /** Why an approved rule could not be applied; empty when it could. */
  readonly applicationError: string
  /** Stands for what the reviewer saw; an approval carries it. Empty before gateway 0.0.112, which asks for none. */
  readonly reviewToken: string
  /** The policy as it is, for comparison; absent when the gateway gave none. */
  readonly currentPolicy?: SandboxPolicy
  /** The policy as it would be; absent when the gateway gave none. */
  readonly candidatePolicy?: SandboxPolicy
}

/** The proposals of a sandbox. */
export interface DraftPolicy {
  readonly chunks: readonly DraftChunk[]
  /** Summary for people; may be empty. */
  readonly summary: string
  /** Grows with every change; compare for equality only. */
  readonly draftVersion: string
  /** When the last proposal came; absent when there was none. */
  readonly lastAnalyzedAt?: Date
}

/** Something that happened to the proposals of a sandbox. */
export interface DraftHistoryEntry {
  readonly at: Date
  /** The gateway's word, such as `approved`. */
  readonly type: string
  readonly description: string
  readonly chunkId: string
}

/** What an approval needs to know of a proposal: the one that was read is what is approved. */
export type ReviewedChunk = Pick<DraftChunk, 'id' | 'reviewToken'>

/** What approving all proposals led to. */
export interface DraftApprovalResult {
  readonly version: number
  readonly hash: string
  readonly approved: number
  /** Those with security notes, unless they were included. */
  readonly skipped: number
}
