import { NetworkPolicyRuleSchema, type PolicyChunk, SandboxPolicySchema } from '@openshell-ts/protocol/v0-1'
import type { DraftChunk } from '../../drafts/draft-policy.js'
import { readPlain } from '../plain/read-plain.js'
import { toDate } from './to-date.js'

/** Reads a proposal. */
export function toDraftChunk(chunk: PolicyChunk): DraftChunk {
  const { proposedRule, currentEffectivePolicy, candidateEffectivePolicy } = chunk
  const decidedAt = toDate(chunk.decidedTime)
  const firstSeenAt = toDate(chunk.firstSeenTime)
  const lastSeenAt = toDate(chunk.lastSeenTime)
  return {
    id: chunk.id,
    status: chunk.status,
    ruleName: chunk.ruleName,
    ...(proposedRule ? { proposedRule: readPlain(NetworkPolicyRuleSchema, proposedRule) } : {}),
    rationale: chunk.rationale,
    securityNotes: chunk.securityNotes,
    confidence: chunk.confidence,
    binary: chunk.binary,
    hitCount: chunk.hitCount,
    createdAt: toDate(chunk.createdTime) ?? new Date(0),
    ...(decidedAt ? { decidedAt } : {}),
    ...(firstSeenAt ? { firstSeenAt } : {}),
    ...(lastSeenAt ? { lastSeenAt } : {}),
    validationResult: chunk.validationResult,
    rejectionReason: chunk.rejectionReason,
    applicationError: chunk.applicationError,
    reviewToken: chunk.reviewToken,
    ...(currentEffectivePolicy ? { currentPolicy: readPlain(SandboxPolicySchema, currentEffectivePolicy) } : {}),
    ...(candidateEffectivePolicy ? { candidatePolicy: readPlain(SandboxPolicySchema, candidateEffectivePolicy) } : {}),
  }
}
