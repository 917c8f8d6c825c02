import type { DescMessage, Message } from '@bufbuild/protobuf'
import type { DraftChunk } from '../model/draft-policy.js'
import { readPlain } from './plain/read-plain.js'

/** A proposal, as far as both lines write it alike. */
export interface WireDraftChunk
  extends Omit<DraftChunk, keyof DraftChunkTimes | 'proposedRule' | 'currentPolicy' | 'candidatePolicy'> {
  readonly proposedRule?: Message | undefined
  readonly currentEffectivePolicy?: Message | undefined
  readonly candidateEffectivePolicy?: Message | undefined
}

/** The times of a proposal, which each line writes in its own way. */
export interface DraftChunkTimes {
  readonly createdAt: Date | undefined
  readonly decidedAt: Date | undefined
  readonly firstSeenAt: Date | undefined
  readonly lastSeenAt: Date | undefined
}

/** The descriptions of rules and policies on a line. */
export interface PolicySchemas {
  readonly rule: DescMessage
  readonly policy: DescMessage
}

/** Reads a proposal. */
export function readDraftChunk(
  chunk: WireDraftChunk,
  times: DraftChunkTimes,
  { rule, policy }: PolicySchemas,
): DraftChunk {
  const { proposedRule, currentEffectivePolicy, candidateEffectivePolicy } = chunk
  const { createdAt = new Date(0), decidedAt, firstSeenAt, lastSeenAt } = times
  return {
    id: chunk.id,
    status: chunk.status,
    ruleName: chunk.ruleName,
    ...(proposedRule ? { proposedRule: readPlain(rule, proposedRule) } : {}),
    rationale: chunk.rationale,
    securityNotes: chunk.securityNotes,
    confidence: chunk.confidence,
    binary: chunk.binary,
    hitCount: chunk.hitCount,
    createdAt,
    ...(decidedAt ? { decidedAt } : {}),
    ...(firstSeenAt ? { firstSeenAt } : {}),
    ...(lastSeenAt ? { lastSeenAt } : {}),
    validationResult: chunk.validationResult,
    rejectionReason: chunk.rejectionReason,
    applicationError: chunk.applicationError,
    reviewToken: chunk.reviewToken,
    ...(currentEffectivePolicy ? { currentPolicy: readPlain(policy, currentEffectivePolicy) } : {}),
    ...(candidateEffectivePolicy ? { candidatePolicy: readPlain(policy, candidateEffectivePolicy) } : {}),
  }
}
