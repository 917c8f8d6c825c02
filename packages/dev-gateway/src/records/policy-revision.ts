import { type SandboxPolicy, SandboxPolicySchema } from '@openshell-ts/protocol/v0-0'
import { messageFromText, messageToText } from '../wire/message-text.js'
import type { RecordCodec } from './record-codec.js'
import type { StoredRecord } from './stored-record.js'

/** One revision of a policy. Its record's scope is the sandbox's id, or empty for the gateway's own policy. */
export interface PolicyRevision {
  /** Counts from 1. */
  readonly version: number
  readonly policy: SandboxPolicy
  /** Opaque; equal for equal policies. */
  readonly hash: string
  readonly status: 'pending' | 'loaded' | 'failed' | 'superseded'
  /** Why it could not be loaded; empty otherwise. */
  readonly loadError: string
  /** Milliseconds since 1970; 0 before it was reported as loaded. */
  readonly loadedAtMs: number
  /** What the change was annotated with. */
  readonly provenance: Readonly<Record<string, string>>
}

/** A revision as it is kept. */
export type PolicyRevisionRecord = StoredRecord<PolicyRevision>

/** How revisions are kept: with the policy as encoded bytes. */
export const policyRevisionCodec: RecordCodec<PolicyRevision> = {
  toJson: ({ policy, ...revision }) => ({ ...revision, policy: messageToText(SandboxPolicySchema, policy) }),
  fromJson: ({ policy, ...revision }: Omit<PolicyRevision, 'policy'> & { readonly policy: string }) => ({
    ...revision,
    policy: messageFromText(SandboxPolicySchema, policy),
  }),
}
