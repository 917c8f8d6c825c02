import { NetworkPolicyRuleSchema } from '@openshell-ts/protocol/v0-1'
import type { DraftCalls } from '../draft-calls.js'
import { writePlain } from '../plain/write-plain.js'
import type { SandboxName } from '../provider-calls.js'
import { toDraftChunk } from './draft-chunk.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { toDate } from './to-date.js'
import { workspaceScope } from './workspace-scope.js'

export function draftCalls(client: OpenShellServiceClient): DraftCalls {
  return {
    async read(sandbox, status, call) {
      const request = { ...toReference(sandbox), statusFilter: status }
      const reply = await client.getDraftPolicy(request, toCallOptions(call))
      const lastAnalyzedAt = toDate(reply.lastAnalyzedTime)
      return {
        chunks: reply.chunks.map(toDraftChunk),
        summary: reply.rollingSummary,
        draftVersion: String(reply.draftVersion),
        ...(lastAnalyzedAt ? { lastAnalyzedAt } : {}),
      }
    },
    async history(sandbox, call) {
      const { entries } = await client.getDraftHistory(toReference(sandbox), toCallOptions(call))
      return entries.map(({ eventTime, eventType, description, chunkId }) => ({
        at: toDate(eventTime) ?? new Date(0),
        type: eventType,
        description,
        chunkId,
      }))
    },
    async approve(sandbox, { id, reviewToken }, call) {
      const request = { ...toReference(sandbox), chunkId: id, reviewToken, requestId: call.requestId ?? '' }
      const { policyVersion, policyHash } = await client.approveDraftChunk(request, toCallOptions(call))
      return { version: policyVersion, hash: policyHash }
    },
    async approveAll(sandbox, { chunks, includeSecurityFlagged }, call) {
      const approvals = chunks.map(({ id, reviewToken }) => ({ chunkId: id, reviewToken }))
      const request = { ...toReference(sandbox), includeSecurityFlagged, approvals, requestId: call.requestId ?? '' }
      const reply = await client.approveAllDraftChunks(request, toCallOptions(call))
      const { policyVersion, policyHash, chunksApproved, chunksSkipped } = reply
      return { version: policyVersion, hash: policyHash, approved: chunksApproved, skipped: chunksSkipped }
    },
    async reject(sandbox, chunkId, reason, call) {
      const request = { ...toReference(sandbox), chunkId, reason, requestId: call.requestId ?? '' }
      await client.rejectDraftChunk(request, toCallOptions(call))
    },
    async edit(sandbox, chunkId, rule, call) {
      const proposedRule = writePlain(NetworkPolicyRuleSchema, rule, { rpc: 'EditDraftChunk', path: 'rule' })
      const request = { ...toReference(sandbox), chunkId, proposedRule, requestId: call.requestId ?? '' }
      await client.editDraftChunk(request, toCallOptions(call))
    },
    async undo(sandbox, chunkId, call) {
      const request = { ...toReference(sandbox), chunkId, requestId: call.requestId ?? '' }
      const { policyVersion, policyHash } = await client.undoDraftChunk(request, toCallOptions(call))
      return { version: policyVersion, hash: policyHash }
    },
    async clear(sandbox, call) {
      const request = { ...toReference(sandbox), requestId: call.requestId ?? '' }
      const { chunksCleared } = await client.clearDraftChunks(request, toCallOptions(call))
      return chunksCleared
    },
  }
}

function toReference({ workspace, sandboxName }: SandboxName) {
  return { workspaceScope: workspaceScope(workspace), sandbox: sandboxName }
}
