import { isAbsence } from '../absence.js'
import { refuseUnknownOptions } from '../checks/refuse-unknown-options.js'
import type { ClientContext } from '../client-context.js'
import { LIST_OPTIONS, type ListOptions } from '../list-options.js'
import { listPages } from '../list-pages.js'
import type { Pager } from '../pager.js'
import type { ChangeOptions, RequestOptions } from '../request-options.js'
import type { PolicyRevision, PolicyUpdateResult } from './policy-revision.js'
import type { SandboxPolicy } from './sandbox-policy.js'

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
  set(policy: SandboxPolicy, { signal, requestId }: ChangeOptions = {}): Promise<PolicyUpdateResult> {
    const limits = { revision: 0n, annotations: {} }
    return this.#context.gateway.mutate({ rpc: 'UpdateConfig', signal, requestId }, (codec, call) =>
      codec.config.setPolicy(GLOBAL, policy, limits, call),
    )
  }

  /** The latest revision with its policy, or undefined when none was ever set. It may have been deleted since. */
  async tryGet({ signal }: RequestOptions = {}): Promise<PolicyRevision | undefined> {
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
    refuseUnknownOptions('policy.history', options, LIST_OPTIONS)
    return listPages(
      this.#context.gateway,
      { rpc: 'ListSandboxPolicies' },
      options,
      (codec, page, call) => codec.config.policyHistory(GLOBAL, page, call),
      ({ version }) => String(version),
    )
  }

  /** Takes the policy away, so that sandboxes have their own again. Returns false when there was none. */
  delete({ signal, requestId }: ChangeOptions = {}): Promise<boolean> {
    return this.#context.gateway.mutate({ rpc: 'UpdateConfig', signal, requestId }, (codec, call) =>
      codec.config.deleteSetting(GLOBAL, POLICY_SETTING, 0n, call),
    )
  }
}
