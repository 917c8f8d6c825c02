import type { ClientContext } from '../calls/client-context.js'
import { LIST_OPTIONS, type ListOptions } from '../calls/list-options.js'
import { listPages } from '../calls/list-pages.js'
import type { Pager } from '../calls/pager.js'
import { POLL_OPTIONS, type PollOptions, type PollVerdict, pollUntil } from '../calls/poll-until.js'
import { type ChangeOptions, REQUEST_OPTIONS, type RequestOptions } from '../calls/request-options.js'
import { type NamedSandbox, SameSandbox } from '../calls/same-sandbox.js'
import { checkOptions } from '../checks/check-options.js'
import { object } from '../checks/option-shapes.js'
import { requireArguments, requireNames } from '../checks/require-arguments.js'
import { toRevision } from '../checks/resource-revision.js'
import type { ProviderInfo, ProviderReadiness, ProviderReceipt } from '../model/provider-info.js'
import type { SandboxInfo } from '../model/sandbox-info.js'

/** How a provider is attached or detached. */
export interface ProviderAttachOptions extends ChangeOptions {
  /** Refuses the change with kind `conflict` when the sandbox has another `resourceVersion` by now; absent: no check. */
  readonly expectedResourceVersion?: string
}

/** What an attach or a detach did. */
export interface ProviderAttachResult {
  /** False when it was so already. */
  readonly changed: boolean
  /** The sandbox after the call. */
  readonly sandbox: SandboxInfo
  /** What `waitReady` takes; absent on line 0.0, which gives none, and when the gateway gave none. */
  readonly receipt?: ProviderReceipt
}

/** The providers of one sandbox. */
export class SandboxProviders {
  readonly #context: ClientContext
  readonly #workspace: string
  readonly #sandboxName: string
  readonly #calls: SameSandbox

  /** @internal Comes with a sandbox, and from `workspace.providers.of(sandboxName)`. */
  constructor(context: ClientContext, sandbox: NamedSandbox) {
    this.#context = context
    this.#workspace = sandbox.workspace
    this.#sandboxName = sandbox.name
    this.#calls = new SameSandbox(context.gateway, sandbox)
  }

  /**
   * Attaches a provider; the sandbox gets its variables a little later, and processes that run do not see them. Throws kind
   * `failed-precondition` for a provider that does not exist, and for a variable that another provider brings.
   */
  async attach(providerName: string, options: ProviderAttachOptions = {}): Promise<ProviderAttachResult> {
    checkOptions('providers.attach', options, ['expectedResourceVersion', 'signal', 'requestId'])
    requireNames('providers.attach', { providerName })
    const rpc = 'AttachSandboxProvider'
    const revision = toRevision(rpc, options.expectedResourceVersion)
    return this.#calls.mutate(this.#change(rpc, options), (codec, call) =>
      codec.providers.attach(this.#address(providerName), revision, call),
    )
  }

  /** Detaches a provider; one that is not attached is a result. */
  async detach(providerName: string, options: ProviderAttachOptions = {}): Promise<ProviderAttachResult> {
    checkOptions('providers.detach', options, ['expectedResourceVersion', 'signal', 'requestId'])
    requireNames('providers.detach', { providerName })
    const rpc = 'DetachSandboxProvider'
    const revision = toRevision(rpc, options.expectedResourceVersion)
    return this.#calls.mutate(this.#change(rpc, options), (codec, call) =>
      codec.providers.detach(this.#address(providerName), revision, call),
    )
  }

  /** Lists what is attached; the signal belongs to all of the reading. */
  list(options: ListOptions = {}): Pager<ProviderInfo> {
    checkOptions('providers.list', options, LIST_OPTIONS)
    const sandbox = { workspace: this.#workspace, sandboxName: this.#sandboxName }
    return listPages(
      this.#calls,
      this.#scope('ListSandboxProviders'),
      options,
      (codec, page, call) => codec.providers.listAttached(sandbox, page, call),
      ({ id }) => id,
    )
  }

  /** How far a change has come in the sandbox. From gateway 0.1.0; kind `unsupported` before. */
  async readiness(receipt: ProviderReceipt, options: RequestOptions = {}): Promise<ProviderReadiness> {
    const { signal } = checkOptions('providers.readiness', options, REQUEST_OPTIONS)
    requireReceipt('providers.readiness', receipt)
    return this.#calls.read(this.#scope('GetSandboxProviderStatus', signal), (codec, call) =>
      codec.providers.readiness(this.#address(receipt.providerName), receipt.id, call),
    )
  }

  /**
   * Waits until a change has arrived in the sandbox: installed for an attach or an update, taken away for a detach. Throws kind
   * `wait-failed` when it has failed, was withheld or was overtaken by another change. From gateway 0.1.0.
   */
  async waitReady(receipt: ProviderReceipt, options: PollOptions = {}): Promise<ProviderReadiness> {
    checkOptions('providers.waitReady', options, POLL_OPTIONS)
    requireReceipt('providers.waitReady', receipt)
    return pollUntil(
      this.#context.gateway,
      this.#scope('GetSandboxProviderStatus'),
      (signal) => this.readiness(receipt, { signal }),
      {
        subject: `Provider "${receipt.providerName}" of sandbox "${this.#sandboxName}"`,
        judge: ({ state }) => judge(receipt, state),
        describe: ({ state, reason }) => `its state is ${state} (${reason})`,
      },
      options,
    )
  }

  #address(providerName: string) {
    return { workspace: this.#workspace, sandboxName: this.#sandboxName, providerName }
  }

  #change(rpc: string, { signal, requestId }: ChangeOptions) {
    return { ...this.#scope(rpc, signal), requestId }
  }

  #scope(rpc: string, signal?: AbortSignal) {
    return { rpc, sandboxName: this.#sandboxName, signal }
  }
}

function requireReceipt(call: string, receipt: ProviderReceipt): void {
  requireArguments(call, { receipt: [receipt, object] })
  requireNames(call, { 'receipt.id': receipt.id, 'receipt.providerName': receipt.providerName })
}

function judge({ kind }: ProviderReceipt, state: ProviderReadiness['state']): PollVerdict {
  if (state === (kind === 'detach' ? 'revoked' : 'ready')) return 'reached'
  if (state === 'failed' || state === 'withheld' || state === 'superseded')
    return { failed: 'the change did not arrive' }
  return 'pending'
}
