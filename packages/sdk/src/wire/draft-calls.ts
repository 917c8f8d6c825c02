import type { DraftApprovalResult, DraftHistoryEntry, DraftPolicy, ReviewedChunk } from '../model/draft-policy.js'
import type { PolicyUpdateResult } from '../model/policy-revision.js'
import type { NetworkPolicyRule } from '../model/sandbox-policy.js'
import type { SandboxName } from './provider-calls.js'
import type { WireCall } from './wire-call.js'

/** What is approved at once. */
export interface ApproveAllRequest {
  /** Empty for every proposal that waits. */
  readonly chunks: readonly ReviewedChunk[]
  readonly includeSecurityFlagged: boolean
}

/** What a client says about the proposals of a sandbox. */
export interface DraftCalls {
  /** An empty status means all. */
  read(sandbox: SandboxName, status: string, call: WireCall): Promise<DraftPolicy>
  history(sandbox: SandboxName, call: WireCall): Promise<readonly DraftHistoryEntry[]>
  approve(sandbox: SandboxName, chunk: ReviewedChunk, call: WireCall): Promise<PolicyUpdateResult>
  approveAll(sandbox: SandboxName, request: ApproveAllRequest, call: WireCall): Promise<DraftApprovalResult>
  reject(sandbox: SandboxName, chunkId: string, reason: string, call: WireCall): Promise<void>
  edit(sandbox: SandboxName, chunkId: string, rule: NetworkPolicyRule, call: WireCall): Promise<void>
  undo(sandbox: SandboxName, chunkId: string, call: WireCall): Promise<PolicyUpdateResult>
  /** How many were removed. */
  clear(sandbox: SandboxName, call: WireCall): Promise<number>
}
