import type { ClientContext } from '../calls/client-context.js'
import { requireNames } from '../checks/require-arguments.js'
import { PolicyHandle } from './policy-handle.js'

/** The policies of one workspace's sandboxes. */
export class Policies {
  readonly #context: ClientContext
  readonly #workspace: string

  /** @internal Comes with a workspace. */
  constructor(context: ClientContext, workspace: string) {
    this.#context = context
    this.#workspace = workspace
  }

  /** The policy of one sandbox, which is not read for this: whether it exists shows with the first call. */
  of(sandboxName: string): PolicyHandle {
    requireNames('policies.of', { sandboxName })
    return new PolicyHandle(this.#context, { workspace: this.#workspace, name: sandboxName })
  }
}
