import type { ClientContext } from '../calls/client-context.js'
import { LIST_OPTIONS, type ListOptions } from '../calls/list-options.js'
import { listPages } from '../calls/list-pages.js'
import type { Pager } from '../calls/pager.js'
import { readLabelSelector } from '../calls/read-label-selector.js'
import { checkOptions } from '../checks/check-options.js'
import type { ProviderInfo } from '../model/provider-info.js'
import type { SandboxInfo } from '../model/sandbox-info.js'
import type { ServiceInfo } from '../model/service-info.js'
import type { WorkloadTemplateInfo } from '../model/workload-template.js'
import { GlobalPolicy } from '../policies/global-policy.js'
import { Profiles } from '../profiles/profiles.js'
import { GlobalSettings } from '../settings/global-settings.js'

const EVERYWHERE = { allWorkspaces: true } as const

/** Which items of all workspaces are listed. */
export interface AdminListOptions extends ListOptions {
  /** At most 64 `key=value` pairs, separated by commas, that must all match; empty means all. @default '' */
  readonly labelSelector?: string
}

/** What platform administrators do with the gateway as a whole. Others get kind `permission-denied`. */
export class Admin {
  /** The gateway's own settings, which hold for every sandbox. */
  readonly settings: GlobalSettings
  /** The gateway's own policy, which replaces that of every sandbox. */
  readonly policy: GlobalPolicy
  /** The platform's own profiles of providers, which every workspace can use. */
  readonly profiles: Profiles
  readonly #context: ClientContext

  /** @internal Comes with a client. */
  constructor(context: ClientContext) {
    this.#context = context
    this.settings = new GlobalSettings(context)
    this.policy = new GlobalPolicy(context)
    this.profiles = new Profiles(context, undefined)
  }

  /** Lists the sandboxes of all workspaces; the signal belongs to all of the reading. */
  listSandboxes(options: AdminListOptions = {}): Pager<SandboxInfo> {
    const labelSelector = this.#selector('listSandboxes', 'ListSandboxes', options)
    return listPages(
      this.#context.gateway,
      { rpc: 'ListSandboxes' },
      options,
      (codec, page, call) => codec.sandboxes.list({ scope: EVERYWHERE, labelSelector, ...page }, call),
      ({ id }) => id,
    )
  }

  /** Lists the exposed services of all workspaces; the signal belongs to all of the reading. */
  listServices(options: ListOptions = {}): Pager<ServiceInfo> {
    checkOptions('admin.listServices', options, LIST_OPTIONS)
    return listPages(
      this.#context.gateway,
      { rpc: 'ListServices' },
      options,
      (codec, page, call) => codec.services.list({ scope: EVERYWHERE, sandboxName: '', ...page }, call),
      ({ id }) => id,
    )
  }

  /** Lists the providers of all workspaces; the signal belongs to all of the reading. Labels select from gateway 0.1.0 on. */
  listProviders(options: AdminListOptions = {}): Pager<ProviderInfo> {
    const labelSelector = this.#selector('listProviders', 'ListProviders', options)
    return listPages(
      this.#context.gateway,
      { rpc: 'ListProviders' },
      options,
      (codec, page, call) => codec.providers.list({ scope: EVERYWHERE, labelSelector, ...page }, call),
      ({ id }) => id,
    )
  }

  /** Lists the stored templates of all workspaces. From gateway 0.1.0; kind `unsupported` on line 0.0. */
  listTemplates(options: AdminListOptions = {}): Pager<WorkloadTemplateInfo> {
    const labelSelector = this.#selector('listTemplates', 'ListSandboxTemplates', options)
    return listPages(
      this.#context.gateway,
      { rpc: 'ListSandboxTemplates' },
      options,
      (codec, page, call) => codec.templates.list({ scope: EVERYWHERE, labelSelector, ...page }, call),
      ({ id }) => id,
    )
  }

  #selector(method: string, rpc: string, options: AdminListOptions): string {
    checkOptions(`admin.${method}`, options, ['labelSelector', ...LIST_OPTIONS])
    return readLabelSelector(this.#context, rpc, options)
  }
}
