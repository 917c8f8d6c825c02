import type { ClientContext } from '../calls/client-context.js'
import { LIST_OPTIONS, type ListOptions } from '../calls/list-options.js'
import { listPages } from '../calls/list-pages.js'
import type { Pager } from '../calls/pager.js'
import { POLL_OPTIONS, type PollOptions, type PollVerdict, pollUntil } from '../calls/poll-until.js'
import { type ChangeOptions, REQUEST_OPTIONS, type RequestOptions } from '../calls/request-options.js'
import { type NamedSandbox, SameSandbox } from '../calls/same-sandbox.js'
import { checkAnnotations } from '../checks/check-labels.js'
import { checkOptions } from '../checks/check-options.js'
import { type OptionShape, object, objects, oneOf, revision } from '../checks/option-shapes.js'
import { requireArguments } from '../checks/require-arguments.js'
import { toRevision } from '../checks/resource-revision.js'
import { runClientChecks } from '../checks/run-client-checks.js'
import { withoutFullStop } from '../errors/without-full-stop.js'
import type { PolicyChange } from '../model/policy-change.js'
import type { PolicyRevision, PolicyStatusInfo, PolicyUpdateResult } from '../model/policy-revision.js'
import type { SandboxPolicy } from '../model/sandbox-policy.js'

const changesShape: OptionShape = {
  must: 'be a list of changes, with one at least',
  fits: (value) => objects.fits(value) && (value as readonly unknown[]).length > 0,
}
const changeType = oneOf(
  'add-rule',
  'remove-rule',
  'remove-endpoint',
  'remove-binary',
  'add-allow-rules',
  'add-deny-rules',
)

/** How a policy is changed. */
export interface PolicyUpdateOptions extends ChangeOptions {
  /** Refuses the change with kind `conflict` when the sandbox has another `resourceVersion` by now; absent: no check. */
  readonly expectedResourceVersion?: string
  /** Free text to keep with the sandbox. @default {} */
  readonly annotations?: Readonly<Record<string, string>>
}

/** Which revision is read. */
export interface PolicyStatusOptions extends RequestOptions {
  /** The version, from 1; absent means the latest. */
  readonly version?: number
}

/** The policy of one sandbox, as a line of revisions. Changing it is for administrators of the workspace. */
export class PolicyHandle {
  readonly #context: ClientContext
  readonly #workspace: string
  readonly #sandboxName: string
  readonly #calls: SameSandbox

  /** @internal Comes with a sandbox, and from `workspace.policies.of(sandboxName)`. */
  constructor(context: ClientContext, sandbox: NamedSandbox) {
    this.#context = context
    this.#workspace = sandbox.workspace
    this.#sandboxName = sandbox.name
    this.#calls = new SameSandbox(context.gateway, sandbox)
  }

  /**
   * Replaces the policy. Only network rules may differ from those at create; throws kind `invalid-argument` otherwise. The sandbox
   * takes the new revision a little later: `waitLoaded(version)` waits for it.
   */
  async set(policy: SandboxPolicy, options: PolicyUpdateOptions = {}): Promise<PolicyUpdateResult> {
    const limits = this.#toLimits('policy.set', options)
    requireArguments('policy.set', { policy: [policy, object] })
    return this.#calls.mutate(this.#change('UpdateConfig', options), (codec, call) =>
      codec.config.setPolicy(this.#sandbox, policy, limits, call),
    )
  }

  /** Changes network rules and leaves the others as they are. All changes count, or none. */
  async merge(changes: readonly PolicyChange[], options: PolicyUpdateOptions = {}): Promise<PolicyUpdateResult> {
    const limits = this.#toLimits('policy.merge', options)
    requireChanges(changes)
    return this.#calls.mutate(this.#change('UpdateConfig', options), (codec, call) =>
      codec.config.changePolicy(this.#sandbox, changes, limits, call),
    )
  }

  /** The latest policy, or undefined when none was set yet. */
  async get(options: RequestOptions = {}): Promise<SandboxPolicy | undefined> {
    checkOptions('policy.get', options, REQUEST_OPTIONS)
    const [latest] = await this.history({ ...options, pageSize: 1 }).toArray({ limit: 1 })
    if (!latest) return undefined
    const { revision } = await this.status({ ...options, version: latest.version })
    return revision.policy
  }

  /** A revision with its policy, and the version in force. Throws kind `not-found` when no policy was set yet. */
  async status(options: PolicyStatusOptions = {}): Promise<PolicyStatusInfo> {
    checkOptions('policy.status', options, ['version', 'signal'])
    const { version = 0, signal } = options
    return this.#calls.read(this.#scope('GetSandboxPolicyStatus', signal), (codec, call) =>
      codec.config.policyStatus(this.#sandbox, version, call),
    )
  }

  /** Lists the revisions, the latest first and without their policies; the signal belongs to all of the reading. */
  history(options: ListOptions = {}): Pager<PolicyRevision> {
    checkOptions('policy.history', options, LIST_OPTIONS)
    return listPages(
      this.#calls,
      this.#scope('ListSandboxPolicies'),
      options,
      (codec, page, call) => codec.config.policyHistory(this.#sandbox, page, call),
      ({ version }) => String(version),
    )
  }

  /**
   * Waits until the sandbox has taken a revision. Throws kind `wait-failed` when it could not, so that the last good one stays, and
   * when a later one came first.
   */
  async waitLoaded(version: number, options: PollOptions = {}): Promise<PolicyRevision> {
    checkOptions('policy.waitLoaded', options, POLL_OPTIONS)
    requireArguments('policy.waitLoaded', { version: [version, revision] })
    return pollUntil(
      this.#context.gateway,
      this.#scope('GetSandboxPolicyStatus'),
      async (signal) => (await this.status({ version, signal })).revision,
      {
        subject: `Policy ${version} of sandbox "${this.#sandboxName}"`,
        judge,
        describe: ({ status, loadError }) =>
          `its status is ${status}${loadError === '' ? '' : ` (${withoutFullStop(loadError)})`}`,
      },
      options,
    )
  }

  #toLimits(call: string, options: PolicyUpdateOptions) {
    checkOptions(call, options, ['expectedResourceVersion', 'annotations', 'signal', 'requestId'])
    const { expectedResourceVersion, annotations = {} } = options
    runClientChecks(this.#context, call, () => checkAnnotations('annotations', annotations))
    return { revision: toRevision('UpdateConfig', expectedResourceVersion), annotations }
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

// The gateway would take none for another kind of call.
function requireChanges(changes: readonly PolicyChange[]): void {
  requireArguments('policy.merge', { changes: [changes, changesShape] })
  const types = changes.map(({ type }, index) => [`changes[${index}].type`, [type, changeType]] as const)
  requireArguments('policy.merge', Object.fromEntries(types))
}

function judge({ status }: PolicyRevision): PollVerdict {
  if (status === 'loaded') return 'reached'
  if (status === 'failed') return { failed: 'the sandbox could not load it and keeps the last good one' }
  return status === 'superseded' ? { failed: 'a later revision came first' } : 'pending'
}
