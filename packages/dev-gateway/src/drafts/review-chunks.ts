import type { NetworkPolicyRule } from '@openshell-ts/protocol/v0-0'
import { failedPrecondition, invalidArgument, notFound } from '../errors/status-error.js'
import { changePolicy, checkNoGlobalPolicy, type PolicyResult } from '../policies/change-policy.js'
import { checkPolicySafety } from '../policies/check-policy.js'
import { mergePolicy } from '../policies/merge-policy.js'
import { checkChange, type PolicyChange } from '../policies/policy-change.js'
import type { DraftChunk, DraftChunkRecord } from '../records/draft-chunk.js'
import type { SandboxRow } from '../records/sandbox-row.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { presentPolicy, reviewTokenOf } from './review-token.js'
import { securityNotes } from './security-notes.js'

/** A proposal, and the state in which its reviewer saw it. */
export interface ChunkReview {
  readonly chunkId: string
  /** Empty for a reviewer that knows no tokens, which this line allows. */
  readonly reviewToken: string
}

/** The policy after an approval of several proposals. */
export interface ApprovalResult extends Pick<PolicyResult, 'version' | 'hash'> {
  readonly approved: number
  readonly skipped: number
}

const globalPolicyText =
  'cannot approve rules while a global policy is active; delete the global policy to manage per-sandbox rules'
const noOptions = { expectedResourceVersion: 0n, annotations: {} }

/**
 * Adds a proposed rule to the policy; a rejected proposal can be approved after all.
 *
 * @throws StatusError NOT_FOUND for a proposal of another sandbox, FAILED_PRECONDITION when it is approved already, changed
 *   since its reviewer saw it, or cannot join the policy.
 */
export function approveChunk(store: GatewayStore, row: SandboxRow, review: ChunkReview): PolicyResult {
  checkNoGlobalPolicy(store, globalPolicyText)
  const record = requireChunk(store, row, review.chunkId)
  requireStatus(record, 'pending', 'rejected')
  checkToken(store, row, record, review.reviewToken)
  return approve(store, row, record)
}

/**
 * Approves the proposals that wait: those that are named, or all when none is. Those with security notes are skipped unless
 * `includeFlagged`. When one cannot join the policy, none does.
 *
 * @throws StatusError FAILED_PRECONDITION when nothing waits, or a named one changed since its reviewer saw it.
 */
export function approveChunks(
  store: GatewayStore,
  row: SandboxRow,
  reviews: readonly ChunkReview[],
  includeFlagged: boolean,
): ApprovalResult {
  checkNoGlobalPolicy(store, globalPolicyText)
  const waiting = reviews.length > 0 ? reviewed(store, row, reviews) : pendingChunks(store, row.id)
  if (waiting.length === 0) throw failedPrecondition('no pending chunks to approve')
  const chosen = waiting.filter(({ value }) => includeFlagged || securityNotes(value.rule) === '')
  checkTogether(store, row, chosen)
  const results = chosen.map((record) => approve(store, currentRow(store, row), record))
  const { version, hash } = results.at(-1) ?? { version: 0, hash: '' }
  return { version, hash, approved: chosen.length, skipped: waiting.length - chosen.length }
}

/**
 * Rejects a proposal; one that was approved leaves the policy again.
 *
 * @throws StatusError FAILED_PRECONDITION when it is rejected already.
 */
export function rejectChunk(store: GatewayStore, row: SandboxRow, chunkId: string, reason: string): void {
  const record = requireChunk(store, row, chunkId)
  requireStatus(record, 'pending', 'approved')
  if (record.value.status === 'approved') {
    checkNoGlobalPolicy(store, globalPolicyText)
    changePolicy(store, row, [removal(record.value)], noOptions)
  }
  const rejectionReason = reason || record.value.rejectionReason
  write(store, record, { status: 'rejected', decidedAtMs: store.now(), rejectionReason })
  store.sandboxes.announce(row.id)
}

/** Replaces the rule of a proposal that waits. Throws FAILED_PRECONDITION for one that was decided. */
export function editChunk(
  store: GatewayStore,
  row: SandboxRow,
  chunkId: string,
  rule: NetworkPolicyRule | undefined,
): void {
  if (!rule) throw invalidArgument('proposed_rule is required')
  const record = requireChunk(store, row, chunkId)
  requireStatus(record, 'pending')
  write(store, record, { rule })
}

/**
 * Takes an approved rule out of the policy again; its proposal waits once more.
 *
 * @throws StatusError FAILED_PRECONDITION for a proposal that is not approved.
 */
export function undoChunk(store: GatewayStore, row: SandboxRow, chunkId: string): PolicyResult {
  const record = requireChunk(store, row, chunkId)
  requireStatus(record, 'approved')
  const result = changePolicy(store, row, [removal(record.value)], noOptions)
  write(store, record, { status: 'pending', decidedAtMs: 0, rejectionReason: '' })
  return result
}

/** Drops the proposals that wait, and returns how many they were. */
export function clearChunks({ draftChunks, sandboxes }: GatewayStore, sandboxId: string): number {
  const cleared = draftChunks.removeWhere(({ value }) => value.status === 'pending', sandboxId)
  sandboxes.announce(sandboxId)
  return cleared
}

function approve(store: GatewayStore, row: SandboxRow, record: DraftChunkRecord): PolicyResult {
  const change = addition(record.value)
  checkChange(change)
  const result = changePolicy(store, row, [change], noOptions)
  write(store, record, { status: 'approved', decidedAtMs: store.now() })
  return result
}

function checkTogether(store: GatewayStore, row: SandboxRow, records: readonly DraftChunkRecord[]): void {
  const changes = records.map(({ value }) => addition(value))
  for (const change of changes) checkChange(change)
  checkPolicySafety(mergePolicy(presentPolicy(store, row), changes))
}

function addition({ ruleName, rule }: DraftChunk): PolicyChange {
  return { type: 'add-rule', ruleName, rule }
}

// A rule's program names the access that was approved; a rule for all programs is known by its destination.
function removal({ ruleName, binary, host, port }: DraftChunk): PolicyChange {
  if (binary !== '') return { type: 'remove-binary', ruleName, path: binary }
  return { type: 'remove-endpoint', ruleName, host, port }
}

function reviewed(store: GatewayStore, row: SandboxRow, reviews: readonly ChunkReview[]): DraftChunkRecord[] {
  return reviews.map(({ chunkId, reviewToken }) => {
    const record = requireChunk(store, row, chunkId)
    requireStatus(record, 'pending')
    checkToken(store, row, record, reviewToken)
    return record
  })
}

function pendingChunks({ draftChunks }: GatewayStore, sandboxId: string): DraftChunkRecord[] {
  return draftChunks.list(sandboxId).filter(({ value }) => value.status === 'pending')
}

function checkToken(store: GatewayStore, row: SandboxRow, record: DraftChunkRecord, token: string): void {
  if (token === '' || token === reviewTokenOf(store, row, record)) return
  throw failedPrecondition('review_token is stale; read the draft policy again and review the present proposal')
}

function requireChunk({ draftChunks }: GatewayStore, row: SandboxRow, chunkId: string): DraftChunkRecord {
  if (chunkId === '') throw invalidArgument('chunk_id is required')
  const record = draftChunks.get(chunkId)
  if (record?.scope !== row.id) throw notFound('chunk not found')
  return record
}

function requireStatus({ value }: DraftChunkRecord, ...expected: readonly DraftChunk['status'][]): void {
  if (expected.includes(value.status)) return
  const allowed = expected.map((one) => `'${one}'`).join(' or ')
  throw failedPrecondition(`chunk status is '${value.status}', expected ${allowed}`)
}

function currentRow({ sandboxes }: GatewayStore, row: SandboxRow): SandboxRow {
  return sandboxes.get(row.id) ?? row
}

function write({ draftChunks }: GatewayStore, { id, value }: DraftChunkRecord, change: Partial<DraftChunk>): void {
  draftChunks.update(id, { ...value, ...change })
}
