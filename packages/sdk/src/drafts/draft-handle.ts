import type { ClientContext } from '../calls/client-context.js'
import { CHANGE_OPTIONS, type ChangeOptions, REQUEST_OPTIONS, type RequestOptions } from '../calls/request-options.js'
import { type NamedSandbox, SameSandbox } from '../calls/same-sandbox.js'
import { checkOptions } from '../checks/check-options.js'
import { name, object, objects, text } from '../checks/option-shapes.js'
import { requireArguments, requireNames } from '../checks/require-arguments.js'
import type { DraftApprovalResult, DraftHistoryEntry, DraftPolicy, ReviewedChunk } from '../model/draft-policy.js'
import type { PolicyUpdateResult } from '../model/policy-revision.js'
import type { NetworkPolicyRule } from '../model/sandbox-policy.js'

/** Which proposals are read. */
export interface DraftReadOptions extends RequestOptions {
  /** The gateway's word, such as `pending`; absent means all. */
  readonly status?: string
}

/** How a proposal is rejected. */
export interface DraftRejectOptions extends ChangeOptions {
  /** Why, for the one who proposed it. @default '' */
  readonly reason?: string
}

/** How several proposals are approved. */
export interface DraftApproveAllOptions extends ChangeOptions {
  /** Approves those with security notes too. @default false */
  readonly includeSecurityFlagged?: boolean
}

/** The proposals for one sandbox's policy. Deciding about them is for administrators of the workspace. */
export class DraftHandle {
  readonly #workspace: string
  readonly #sandboxName: string
  readonly #calls: SameSandbox

  /** @internal Comes with a sandbox, and from `workspace.drafts.of(sandboxName)`. */
  constructor(context: ClientContext, sandbox: NamedSandbox) {
    this.#workspace = sandbox.workspace
    this.#sandboxName = sandbox.name
    this.#calls = new SameSandbox(context.gateway, sandbox)
  }

  /** Reads the proposals. */
  async read(options: DraftReadOptions = {}): Promise<DraftPolicy> {
    checkOptions('drafts.read', options, ['status', 'signal'], { status: text })
    const { status = '', signal } = options
    return this.#calls.read(this.#scope('GetDraftPolicy', signal), (codec, call) =>
      codec.drafts.read(this.#sandbox, status, call),
    )
  }

  /** What happened to the proposals, in order. */
  async history(options: RequestOptions = {}): Promise<readonly DraftHistoryEntry[]> {
    const { signal } = checkOptions('drafts.history', options, REQUEST_OPTIONS)
    return this.#calls.read(this.#scope('GetDraftHistory', signal), (codec, call) =>
      codec.drafts.history(this.#sandbox, call),
    )
  }

  /**
   * Approves a proposal as it was read: its rule becomes part of the policy. Throws kind `failed-precondition` when the proposal or
   * the policy has changed since, which its review token tells; read it again then.
   */
  async approve(chunk: ReviewedChunk, options: ChangeOptions = {}): Promise<PolicyUpdateResult> {
    checkOptions('drafts.approve', options, CHANGE_OPTIONS)
    requireChunk('drafts.approve', 'chunk', chunk)
    return this.#calls.mutate(this.#change('ApproveDraftChunk', options), (codec, call) =>
      codec.drafts.approve(this.#sandbox, chunk, call),
    )
  }

  /**
   * Approves several proposals as they were read. An empty list approves nothing and sends nothing, because the gateway would take
   * it for every proposal that waits, also those that nobody has seen.
   */
  async approveAll(
    chunks: readonly ReviewedChunk[],
    options: DraftApproveAllOptions = {},
  ): Promise<DraftApprovalResult> {
    checkOptions('drafts.approveAll', options, ['includeSecurityFlagged', 'signal', 'requestId'])
    const { includeSecurityFlagged = false } = options
    requireArguments('drafts.approveAll', { chunks: [chunks, objects] })
    for (const [index, chunk] of chunks.entries()) requireChunk('drafts.approveAll', `chunks[${index}]`, chunk)
    if (chunks.length === 0) return { version: 0, hash: '', approved: 0, skipped: 0 }
    return this.#calls.mutate(this.#change('ApproveAllDraftChunks', options), (codec, call) =>
      codec.drafts.approveAll(this.#sandbox, { chunks, includeSecurityFlagged }, call),
    )
  }

  /** Rejects a proposal. */
  async reject(chunkId: string, options: DraftRejectOptions = {}): Promise<void> {
    checkOptions('drafts.reject', options, ['reason', 'signal', 'requestId'])
    requireNames('drafts.reject', { chunkId })
    const { reason = '' } = options
    await this.#calls.mutate(this.#change('RejectDraftChunk', options), (codec, call) =>
      codec.drafts.reject(this.#sandbox, chunkId, reason, call),
    )
  }

  /** Replaces the rule of a proposal that waits; its review token changes with it. */
  async edit(chunkId: string, rule: NetworkPolicyRule, options: ChangeOptions = {}): Promise<void> {
    checkOptions('drafts.edit', options, CHANGE_OPTIONS)
    requireArguments('drafts.edit', { chunkId: [chunkId, name], rule: [rule, object] })
    await this.#calls.mutate(this.#change('EditDraftChunk', options), (codec, call) =>
      codec.drafts.edit(this.#sandbox, chunkId, rule, call),
    )
  }

  /** Takes an approval back: the rule leaves the policy, and the proposal waits again. */
  async undo(chunkId: string, options: ChangeOptions = {}): Promise<PolicyUpdateResult> {
    checkOptions('drafts.undo', options, CHANGE_OPTIONS)
    requireNames('drafts.undo', { chunkId })
    return this.#calls.mutate(this.#change('UndoDraftChunk', options), (codec, call) =>
      codec.drafts.undo(this.#sandbox, chunkId, call),
    )
  }

  /** Removes the proposals that wait, and returns how many there were. */
  async clear(options: ChangeOptions = {}): Promise<number> {
    checkOptions('drafts.clear', options, CHANGE_OPTIONS)
    return this.#calls.mutate(this.#change('ClearDraftChunks', options), (codec, call) =>
      codec.drafts.clear(this.#sandbox, call),
    )
  }

  get #sandbox() {
    return { workspace: this.#workspace, sandboxName: this.#sandboxName }
  }

  #change(rpc: string, { signal, requestId }: ChangeOptions) {
    return { ...this.#scope(rpc, signal), requestId }
  }

  #scope(rpc: string, signal?: AbortSignal) {
    return { rpc, sandboxName: this.#sandboxName, signal }
  }
}

function requireChunk(call: string, field: string, chunk: ReviewedChunk): void {
  requireArguments(call, { [field]: [chunk, object] })
  requireNames(call, { [`${field}.id`]: chunk.id })
}
