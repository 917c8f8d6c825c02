import type { MessageInitShape } from '@bufbuild/protobuf'
import type { OpenShell, PolicyChunk, PolicyChunkSchema, WorkspaceSelector } from '@openshell-ts/protocol/v0-1'
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
import { draftVersionOf, type ProposedChunk, submitChunks } from '../../drafts/submit-chunks.js'
import { policyHash } from '../../policies/policy-hash.js'
import type { DraftChunkRecord } from '../../records/draft-chunk.js'
import type { SandboxRow } from '../../records/sandbox-row.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { fromLaterRule, toLaterRule } from '../../wire/policy-words.js'
import type { ApiContext } from '../api-context.js'
import { findSandbox } from './find-sandbox.js'
import { ownSandbox } from './own-sandbox.js'
import { toMilliseconds, toTimestamp } from './to-timestamp.js'

const emptyText = 'sandbox is required'

/** Rules that supervisors propose, and what users decide about them. */
export function draftHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store } = context
  const rowOf = (request: { readonly workspaceScope?: WorkspaceSelector | undefined; readonly sandbox: string }) =>
    findSandbox(context, request.workspaceScope, request.sandbox, emptyText)
  return {
    submitPolicyAnalysis: (request, { principal }) => {
      const row = ownSandbox(context, request, principal)
      const proposals = request.proposedChunks.map(fromChunk)
      const { acceptedIds, rejectionReasons } = submitChunks(store, row.id, request.analysisMode, proposals)
      return {
        acceptedChunks: acceptedIds.length,
        acceptedChunkIds: [...acceptedIds],
        rejectedChunks: rejectionReasons.length,
        rejectionReasons: [...rejectionReasons],
      }
    },
    getDraftPolicy: (request, { principal }) => {
      const { workspaceScope, sandbox: name, statusFilter } = request
      const row = ownSandbox(context, { workspaceScope, name }, principal, emptyText)
      const records = store.draftChunks
        .list(row.id)
        .filter(({ value }) => statusFilter === '' || value.status === statusFilter)
      const lastAnalyzedTime = toTimestamp(Math.max(0, ...records.map(({ createdAtMs }) => createdAtMs)))
      return {
        chunks: records.map((record) => toChunk(context, row, record)),
        draftVersion: BigInt(draftVersionOf(store, row.id)),
        ...(lastAnalyzedTime && { lastAnalyzedTime }),
      }
    },
    getDraftHistory: (request) => ({
      entries: draftHistory(store, rowOf(request).id).map(({ timestampMs, ...entry }) => {
        const eventTime = toTimestamp(timestampMs)
        return { ...entry, ...(eventTime && { eventTime }) }
      }),
    }),
    approveDraftChunk: (request) => toPolicy(approveChunk(store, rowOf(request), request)),
    approveAllDraftChunks: (request) => {
      const { approvals, includeSecurityFlagged } = request
      const result = approveChunks(store, rowOf(request), approvals, includeSecurityFlagged)
      return { ...toPolicy(result), chunksApproved: result.approved, chunksSkipped: result.skipped }
    },
    rejectDraftChunk: (request) => {
      rejectChunk(store, rowOf(request), request.chunkId, request.reason)
      return {}
    },
    editDraftChunk: (request) => {
      const { proposedRule: rule } = request
      editChunk(store, rowOf(request), request.chunkId, rule && fromLaterRule(rule))
      return {}
    },
    undoDraftChunk: (request) => toPolicy(undoChunk(store, rowOf(request), request.chunkId)),
    clearDraftChunks: (request) => ({ chunksCleared: clearChunks(store, rowOf(request).id) }),
  }
}

function toPolicy({ version, hash }: { readonly version: number; readonly hash: string }) {
  return { policyVersion: version, policyHash: hash }
}

function fromChunk(chunk: PolicyChunk): ProposedChunk {
  const { ruleName, proposedRule, rationale, confidence, hitCount, firstSeenTime, lastSeenTime } = chunk
  return {
    ruleName,
    proposedRule: proposedRule && fromLaterRule(proposedRule),
    rationale,
    confidence,
    hitCount,
    firstSeenMs: toWhole(toMilliseconds('first_seen_time', firstSeenTime)),
    lastSeenMs: toWhole(toMilliseconds('last_seen_time', lastSeenTime)),
  }
}

function toWhole(ms: number): bigint {
  return BigInt(Math.floor(ms))
}

function toChunk(
  { store }: ApiContext,
  row: SandboxRow,
  record: DraftChunkRecord,
): MessageInitShape<typeof PolicyChunkSchema> {
  const { id, createdAtMs, value } = record
  const times = {
    createdTime: toTimestamp(createdAtMs),
    decidedTime: toTimestamp(value.decidedAtMs),
    firstSeenTime: toTimestamp(value.firstSeenMs),
    lastSeenTime: toTimestamp(value.lastSeenMs),
  }
  return {
    id,
    status: value.status,
    ruleName: value.ruleName,
    proposedRule: toLaterRule(value.rule),
    rationale: value.rationale,
    securityNotes: securityNotes(value.rule),
    confidence: value.confidence,
    ...times,
    hitCount: value.hitCount,
    binary: value.binary,
    // What the real gateway says when its prover cannot tell; this one has none.
    validationResult: 'validation unavailable',
    rejectionReason: value.rejectionReason,
    reviewToken: reviewTokenOf(store, row, record),
    currentEffectivePolicyHash: policyHash(presentPolicy(store, row)),
  } as MessageInitShape<typeof PolicyChunkSchema>
}
