import { randomUUID } from 'node:crypto'
import type { NetworkPolicyRule } from '@openshell-ts/protocol/v0-0'
import { isProviderRule } from '../policies/provider-rules.js'
import type { DraftChunk, DraftChunkRecord } from '../records/draft-chunk.js'
import type { GatewayStore } from '../store/gateway-store.js'

/** A rule that an analysis proposes. */
export interface ProposedChunk {
  readonly ruleName: string
  readonly proposedRule?: NetworkPolicyRule | undefined
  readonly rationale: string
  readonly confidence: number
  readonly hitCount: number
  /** Milliseconds since 1970; 0 when the analysis does not say. */
  readonly firstSeenMs: bigint
  readonly lastSeenMs: bigint
}

/** What was taken of an analysis. */
export interface SubmissionResult {
  readonly acceptedIds: readonly string[]
  /** One for each proposal that was not taken. */
  readonly rejectionReasons: readonly string[]
}

const largestHitCount = 100

/** The newest analysis of a sandbox that brought something; 0 without one. */
export function draftVersionOf({ draftChunks }: GatewayStore, sandboxId: string): number {
  return Math.max(0, ...draftChunks.list(sandboxId).map(({ value }) => value.draftVersion))
}

/**
 * Takes the proposals of an analysis. A newer proposal for the same access rejects those that wait; observations of the
 * same access by themselves are counted in one.
 */
export function submitChunks(
  store: GatewayStore,
  sandboxId: string,
  analysisMode: string,
  proposals: readonly ProposedChunk[],
): SubmissionResult {
  const draftVersion = draftVersionOf(store, sandboxId) + 1
  const acceptedIds: string[] = []
  const rejectionReasons: string[] = []
  for (const proposal of proposals) {
    const { proposedRule: rule } = proposal
    const problem = problemOf(proposal)
    if (problem !== undefined || !rule) {
      rejectionReasons.push(problem ?? '')
      continue
    }
    const record = keep(store, sandboxId, newChunk(store, { ...proposal, rule, analysisMode, draftVersion }))
    rejectOthers(store, record)
    if (analysisMode === 'mechanistic') rejectCovered(store, record)
    acceptedIds.push(record.id)
  }
  store.sandboxes.announce(sandboxId)
  return { acceptedIds, rejectionReasons }
}

function problemOf({ ruleName, proposedRule }: ProposedChunk): string | undefined {
  if (ruleName === '') return 'chunk missing rule_name'
  if (isProviderRule(ruleName)) return `chunk '${ruleName}' uses reserved '_provider_' rule-name prefix`
  return proposedRule ? undefined : `chunk '${ruleName}' missing proposed_rule`
}

function newChunk(
  { now }: GatewayStore,
  proposal: ProposedChunk & Pick<DraftChunk, 'rule' | 'analysisMode' | 'draftVersion'>,
): DraftChunk {
  const [endpoint] = proposal.rule.endpoints
  return {
    draftVersion: proposal.draftVersion,
    analysisMode: proposal.analysisMode,
    status: 'pending',
    ruleName: proposal.ruleName,
    rule: proposal.rule,
    rationale: proposal.rationale,
    confidence: Math.min(Math.max(proposal.confidence, 0), 1) || 0,
    decidedAtMs: 0,
    host: endpoint?.host.toLowerCase() ?? '',
    port: endpoint?.port ?? 0,
    binary: proposal.rule.binaries[0]?.path ?? '',
    hitCount: Math.min(Math.max(proposal.hitCount, 1), largestHitCount),
    firstSeenMs: Number(proposal.firstSeenMs) || now(),
    lastSeenMs: Number(proposal.lastSeenMs) || now(),
    rejectionReason: '',
  }
}

function keep({ draftChunks }: GatewayStore, sandboxId: string, chunk: DraftChunk): DraftChunkRecord {
  const seen =
    chunk.analysisMode === 'mechanistic'
      ? draftChunks
          .list(sandboxId)
          .find(({ value }) => value.analysisMode === 'mechanistic' && sameAccess(value, chunk))
      : undefined
  const record = seen
    ? draftChunks.update(seen.id, {
        ...seen.value,
        hitCount: seen.value.hitCount + chunk.hitCount,
        lastSeenMs: Math.max(seen.value.lastSeenMs, chunk.lastSeenMs),
      })
    : draftChunks.insert(sandboxId, randomUUID(), chunk)
  if (!record) throw new Error('A proposal with this new name exists already.')
  return record
}

function rejectOthers(store: GatewayStore, { id, scope, value }: DraftChunkRecord): void {
  for (const other of store.draftChunks.list(scope)) {
    if (other.id === id || other.value.status !== 'pending' || !sameAccess(other.value, value)) continue
    reject(store, other, `superseded by proposal ${id}`)
  }
}

// An agent's proposal for this access was approved: what merely observed the same denials has nothing to add.
function rejectCovered(store: GatewayStore, record: DraftChunkRecord): void {
  const covering = store.draftChunks
    .list(record.scope)
    .find(
      ({ value }) =>
        value.status === 'approved' && value.analysisMode !== 'mechanistic' && sameAccess(value, record.value),
    )
  if (covering && record.value.status === 'pending') reject(store, record, `covered by proposal ${covering.id}`)
}

function reject({ draftChunks, now }: GatewayStore, { id, value }: DraftChunkRecord, rejectionReason: string): void {
  draftChunks.update(id, { ...value, status: 'rejected', decidedAtMs: now(), rejectionReason })
}

function sameAccess(left: DraftChunk, right: DraftChunk): boolean {
  return left.host === right.host && left.port === right.port && left.binary === right.binary
}
