import type { ClientContext } from '../calls/client-context.js'
import { requireNames } from '../checks/require-arguments.js'
import { DraftHandle } from './draft-handle.js'

/** The proposals for the policies of one workspace's sandboxes. */
export class Drafts {
  readonly #context: ClientContext
  readonly #workspace: string

  /** @internal Comes with a workspace. */
  constructor(context: ClientContext, workspace: string) {
    this.#context = context
    this.#workspace = workspace
  }

  /** The proposals for one sandbox, which is not read for this: whether it exists shows with the first call. */
  of(sandboxName: string): DraftHandle {
    requireNames('drafts.of', { sandboxName })
    return new DraftHandle(this.#context, { workspace: this.#workspace, name: sandboxName })
  }
}
