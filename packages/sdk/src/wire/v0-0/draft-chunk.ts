import { NetworkPolicyRuleSchema, type PolicyChunk, SandboxPolicySchema } from '@openshell-ts/protocol/v0-0'
import type { DraftChunk } from '../../model/draft-policy.js'
import { readDraftChunk } from '../draft-chunk.js'
import { toDate } from './record-info.js'

/** Reads a proposal. */
export function toDraftChunk(chunk: PolicyChunk): DraftChunk {
  const times = {
    createdAt: toDate(chunk.createdAtMs),
    decidedAt: toDate(chunk.decidedAtMs),
    firstSeenAt: toDate(chunk.firstSeenMs),
    lastSeenAt: toDate(chunk.lastSeenMs),
  }
  return readDraftChunk(chunk, times, { rule: NetworkPolicyRuleSchema, policy: SandboxPolicySchema })
}
