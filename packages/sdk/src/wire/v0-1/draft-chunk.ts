import { NetworkPolicyRuleSchema, type PolicyChunk, SandboxPolicySchema } from '@openshell-ts/protocol/v0-1'
import type { DraftChunk } from '../../model/draft-policy.js'
import { readDraftChunk } from '../draft-chunk.js'
import { toDate } from './to-date.js'

/** Reads a proposal. */
export function toDraftChunk(chunk: PolicyChunk): DraftChunk {
  const times = {
    createdAt: toDate(chunk.createdTime),
    decidedAt: toDate(chunk.decidedTime),
    firstSeenAt: toDate(chunk.firstSeenTime),
    lastSeenAt: toDate(chunk.lastSeenTime),
  }
  return readDraftChunk(chunk, times, { rule: NetworkPolicyRuleSchema, policy: SandboxPolicySchema })
}
