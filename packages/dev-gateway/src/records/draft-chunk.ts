import { type NetworkPolicyRule, NetworkPolicyRuleSchema } from '@openshell-ts/protocol/v0-0'
import { messageFromText, messageToText } from '../wire/message-text.js'
import type { RecordCodec } from './record-codec.js'
import type { StoredRecord } from './stored-record.js'

/** A rule that was proposed for a sandbox's policy, and what became of it. Its record's scope is the sandbox's id. */
export interface DraftChunk {
  /** Which analysis brought it; counts from 1 for each sandbox. */
  readonly draftVersion: number
  /** How the proposal came about: `mechanistic` for one that follows from denials alone. */
  readonly analysisMode: string
  readonly status: 'pending' | 'approved' | 'rejected'
  readonly ruleName: string
  readonly rule: NetworkPolicyRule
  readonly rationale: string
  /** 0 to 1. */
  readonly confidence: number
  /** Milliseconds since 1970; 0 while it waits. */
  readonly decidedAtMs: number
  /** The first destination and program of the rule, by which proposals for the same access are known. */
  readonly host: string
  readonly port: number
  readonly binary: string
  readonly hitCount: number
  readonly firstSeenMs: number
  readonly lastSeenMs: number
  /** Why it was rejected; empty otherwise. */
  readonly rejectionReason: string
}

/** A proposal as it is kept. */
export type DraftChunkRecord = StoredRecord<DraftChunk>

/** How proposals are kept: with the rule as encoded bytes. */
export const draftChunkCodec: RecordCodec<DraftChunk> = {
  toJson: ({ rule, ...chunk }) => ({ ...chunk, rule: messageToText(NetworkPolicyRuleSchema, rule) }),
  fromJson: ({ rule, ...chunk }: Omit<DraftChunk, 'rule'> & { readonly rule: string }) => ({
    ...chunk,
    rule: messageFromText(NetworkPolicyRuleSchema, rule),
  }),
}
