import type { ClientContext } from '../calls/client-context.js'
import { LIST_OPTIONS, type ListOptions } from '../calls/list-options.js'
import { listPages } from '../calls/list-pages.js'
import type { Pager } from '../calls/pager.js'
import { checkOptions } from '../checks/check-options.js'
import { requireNames } from '../checks/require-arguments.js'
import type { ServiceInfo } from '../model/service-info.js'
import { SandboxServices } from './sandbox-services.js'

/** The exposed services of one workspace. */
export class Services {
  readonly #context: ClientContext
  readonly #workspace: string

  /** @internal Comes with a workspace. */
  constructor(context: ClientContext, workspace: string) {
    this.#context = context
    this.#workspace = workspace
  }

  /** The services of one sandbox, which is not read for this: whether it exists shows with the first call. */
  of(sandboxName: string): SandboxServices {
    requireNames('services.of', { sandboxName })
    return new SandboxServices(this.#context, { workspace: this.#workspace, name: sandboxName })
  }

  /** Lists the services of all sandboxes; the signal belongs to all of the reading. */
  list(options: ListOptions = {}): Pager<ServiceInfo> {
    checkOptions('services.list', options, LIST_OPTIONS)
    const request = { scope: { workspace: this.#workspace }, sandboxName: '' }
    return listPages(
      this.#context.gateway,
      { rpc: 'ListServices' },
      options,
      (codec, page, call) => codec.services.list({ ...request, ...page }, call),
      ({ id }) => id,
    )
  }
}
