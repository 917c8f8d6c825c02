import type { MessageInitShape } from '@bufbuild/protobuf'
import type { OpenShell, PolicyChunkSchema } from '@openshell-ts/protocol/v0-0'
import { draftHistory } from '../../drafts/draft-history.js'
import {
  approveChunk,
  approveChunks,
  clearChunks,
  editChunk,
  rejectChunk,
  undoChunk,
} from '../../drafts/review-chunks.js'
import { presentPolicy, reviewTokenOf } from '../../drafts/review-token.js'
import { securityNotes } from '../../drafts/security-notes.js'
import { draftVersionOf, submitChunks } from '../../drafts/submit-chunks.js'
import type { PolicyResult } from '../../policies/change-policy.js'
import { policyHash } from '../../policies/policy-hash.js'
import type { DraftChunkRecord } from '../../records/draft-chunk.js'
import type { SandboxRow } from '../../records/sandbox-row.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import type { ApiContext } from '../api-context.js'
import { ownSandbox } from './config.js'
import { findSandbox } from './find-sandbox.js'

/** Rules that supervisors propose, and what users decide about them. */
export function draftHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store } = context
  return {
    submitPolicyAnalysis: (request, { principal }) => {
      const row = ownSandbox(context, request, principal)
      const { acceptedIds, rejectionReasons } = submitChunks(
        store,
        row.id,
        request.analysisMode,
        request.proposedChunks,
      )
      return {
        acceptedChunks: acceptedIds.length,
        acceptedChunkIds: [...acceptedIds],
        rejectedChunks: rejectionReasons.length,
        rejectionReasons: [...rejectionReasons],
      }
    },
    getDraftPolicy: (request, { principal }) => {
      const row = ownSandbox(context, request, principal)
      const records = store.draftChunks
        .list(row.id)
        .filter(({ value }) => request.statusFilter === '' || value.status === request.statusFilter)
      return {
        chunks: records.map((record) => toChunk(context, row, record)),
        draftVersion: BigInt(draftVersionOf(store, row.id)),
        lastAnalyzedAtMs: BigInt(Math.max(0, ...records.map(({ createdAtMs }) => createdAtMs))),
      }
    },
    getDraftHistory: (request) => {
      const entries = draftHistory(store, findSandbox(context, request).id)
      return { entries: entries.map((entry) => ({ ...entry, timestampMs: BigInt(entry.timestampMs) })) }
    },
    approveDraftChunk: (request) => toPolicy(approveChunk(store, findSandbox(context, request), request)),
    approveAllDraftChunks: (request) => {
      const { includeSecurityFlagged, approvals } = request
      const result = approveChunks(store, findSandbox(context, request), approvals, includeSecurityFlagged)
      return { ...toPolicy(result), chunksApproved: result.approved, chunksSkipped: result.skipped }
    },
    rejectDraftChunk: (request) => {
      rejectChunk(store, findSandbox(context, request), request.chunkId, request.reason)
      return {}
    },
    editDraftChunk: (request) => {
      editChunk(store, findSandbox(context, request), request.chunkId, request.proposedRule)
      return {}
    },
    undoDraftChunk: (request) => toPolicy(undoChunk(store, findSandbox(context, request), request.chunkId)),
    clearDraftChunks: (request) => ({ chunksCleared: clearChunks(store, findSandbox(context, request).id) }),
  }
}

function toPolicy({ version, hash }: Pick<PolicyResult, 'version' | 'hash'>) {
  return { policyVersion: version, policyHash: hash }
}

function toChunk(
  { store }: ApiContext,
  row: SandboxRow,
  record: DraftChunkRecord,
): MessageInitShape<typeof PolicyChunkSchema> {
  const { id, createdAtMs, value } = record
  return {
    id,
    status: value.status,
    ruleName: value.ruleName,
    proposedRule: value.rule,
    rationale: value.rationale,
    securityNotes: securityNotes(value.rule),
    confidence: value.confidence,
    createdAtMs: BigInt(createdAtMs),
    decidedAtMs: BigInt(value.decidedAtMs),
    hitCount: value.hitCount,
    firstSeenMs: BigInt(value.firstSeenMs),
    lastSeenMs: BigInt(value.lastSeenMs),
    binary: value.binary,
    // What the real gateway says when its prover cannot tell; this one has none.
    validationResult: 'validation unavailable',
    rejectionReason: value.rejectionReason,
    reviewToken: reviewTokenOf(store, row, record),
    currentEffectivePolicyHash: policyHash(presentPolicy(store, row)),
  }
}
