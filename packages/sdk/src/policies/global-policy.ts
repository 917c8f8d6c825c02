import type { ClientContext } from '../calls/client-context.js'
import { LIST_OPTIONS, type ListOptions } from '../calls/list-options.js'
import { listPages } from '../calls/list-pages.js'
import type { Pager } from '../calls/pager.js'
import { CHANGE_OPTIONS, type ChangeOptions, REQUEST_OPTIONS, type RequestOptions } from '../calls/request-options.js'
import { checkOptions } from '../checks/check-options.js'
import { object } from '../checks/option-shapes.js'
import { requireArguments } from '../checks/require-arguments.js'
import { isAbsence } from '../errors/absence.js'
import type { PolicyRevision, PolicyUpdateResult } from '../model/policy-revision.js'
import type { SandboxPolicy } from '../model/sandbox-policy.js'

const GLOBAL = { global: true } as const
// Deleting the policy is deleting the setting of this name.
const POLICY_SETTING = 'policy'

/** The gateway's own policy. While there is one, it replaces the policy of every sandbox in full. */
export class GlobalPolicy {
  readonly #context: ClientContext

  /** @internal Comes with `client.admin`. */
  constructor(context: ClientContext) {
    this.#context = context
  }

  /** Sets the policy for every sandbox. */
  async set(policy: SandboxPolicy, options: ChangeOptions = {}): Promise<PolicyUpdateResult> {
    const { signal, requestId } = checkOptions('policy.set', options, CHANGE_OPTIONS)
    requireArguments('policy.set', { policy: [policy, object] })
    const limits = { revision: 0n, annotations: {} }
    return this.#context.gateway.mutate({ rpc: 'UpdateConfig', signal, requestId }, (codec, call) =>
      codec.config.setPolicy(GLOBAL, policy, limits, call),
    )
  }

  /** The latest revision with its policy, or undefined when none was ever set. It may have been deleted since. */
  async tryGet(options: RequestOptions = {}): Promise<PolicyRevision | undefined> {
    const { signal } = checkOptions('policy.tryGet', options, REQUEST_OPTIONS)
    try {
      const status = await this.#context.gateway.read({ rpc: 'GetSandboxPolicyStatus', signal }, (codec, call) =>
        codec.config.policyStatus(GLOBAL, 0, call),
      )
      return status.revision
    } catch (error) {
      if (isAbsence(error)) return undefined
      throw error
    }
  }

  /** Lists the revisions, the latest first and without their policies; the signal belongs to all of the reading. */
  history(options: ListOptions = {}): Pager<PolicyRevision> {
    checkOptions('policy.history', options, LIST_OPTIONS)
    return listPages(
      this.#context.gateway,
      { rpc: 'ListSandboxPolicies' },
      options,
      (codec, page, call) => codec.config.policyHistory(GLOBAL, page, call),
      ({ version }) => String(version),
    )
  }

  /** Takes the policy away, so that sandboxes have their own again. Returns false when there was none. */
  async delete(options: ChangeOptions = {}): Promise<boolean> {
    const { signal, requestId } = checkOptions('policy.delete', options, CHANGE_OPTIONS)
    return this.#context.gateway.mutate({ rpc: 'UpdateConfig', signal, requestId }, (codec, call) =>
      codec.config.deleteSetting(GLOBAL, POLICY_SETTING, 0n, call),
    )
  }
}
