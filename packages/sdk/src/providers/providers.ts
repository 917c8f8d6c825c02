import type { ClientContext } from '../calls/client-context.js'
import { LIST_OPTIONS, type ListOptions } from '../calls/list-options.js'
import { listPages } from '../calls/list-pages.js'
import type { Pager } from '../calls/pager.js'
import { readLabelSelector } from '../calls/read-label-selector.js'
import { CHANGE_OPTIONS, type ChangeOptions, REQUEST_OPTIONS, type RequestOptions } from '../calls/request-options.js'
import { checkOptions } from '../checks/check-options.js'
import { oneOf, record, text, texts } from '../checks/option-shapes.js'
import { requireArguments, requireNames } from '../checks/require-arguments.js'
import { toRevision } from '../checks/resource-revision.js'
import { runClientChecks } from '../checks/run-client-checks.js'
import { throwViolations } from '../checks/throw-violations.js'
import { orUndefined } from '../errors/absence.js'
import type { DeleteResult } from '../model/delete-result.js'
import type { ProviderChanges, ProviderInfo, ProviderSpec, ProviderUpdateResult } from '../model/provider-info.js'
import { checkProviderChanges, checkProviderSpec } from './check-provider.js'
import { CredentialRefresh } from './credential-refresh.js'
import { SandboxProviders } from './sandbox-providers.js'

const SPEC_KEYS = [
  'type',
  'credentials',
  'config',
  'credentialExpiresAt',
  'profileScope',
  'labels',
  'annotations',
] as const satisfies readonly (keyof ProviderSpec)[]
const CHANGE_KEYS = [
  'credentials',
  'removeCredentials',
  'config',
  'removeConfig',
  'credentialExpiresAt',
  'removeExpirations',
] as const satisfies readonly (keyof ProviderChanges)[]

const SHAPES = {
  type: text,
  credentials: record,
  config: record,
  credentialExpiresAt: record,
  profileScope: oneOf('platform', 'workspace'),
  removeCredentials: texts,
  removeConfig: texts,
  removeExpirations: texts,
}

/** How a provider is changed. */
export interface ProviderUpdateOptions extends ChangeOptions {
  /** Refuses the update with kind `conflict` when the provider has another `resourceVersion` by now; absent: no check. */
  readonly expectedResourceVersion?: string
}

/** Which providers are listed. */
export interface ProviderListOptions extends ListOptions {
  /** At most 64 `key=value` pairs, separated by commas, that must all match; empty means all. From gateway 0.1.0. @default '' */
  readonly labelSelector?: string
}

/** The providers of one workspace: credentials and settings that sandboxes get. Changing them is for its administrators. */
export class Providers {
  /** How credentials are renewed. */
  readonly refresh: CredentialRefresh
  readonly #context: ClientContext
  readonly #workspace: string

  /** @internal Comes with a workspace. */
  constructor(context: ClientContext, workspace: string) {
    this.#context = context
    this.#workspace = workspace
    this.refresh = new CredentialRefresh(context, workspace)
  }

  /** The providers of one sandbox, which is not read for this: whether it exists shows with the first call. */
  of(sandboxName: string): SandboxProviders {
    requireNames('providers.of', { sandboxName })
    return new SandboxProviders(this.#context, { workspace: this.#workspace, name: sandboxName })
  }

  /**
   * Creates a provider; an empty name lets the gateway make one up. Throws kind `already-exists` for a name in use. All problems
   * are reported at once, and no value of a credential is ever part of an error.
   */
  async create(name: string, spec: ProviderSpec, options: ChangeOptions = {}): Promise<ProviderInfo> {
    const { signal, requestId } = checkOptions('providers.create, options', options, CHANGE_OPTIONS)
    requireArguments('providers.create', { name: [name, text] })
    checkOptions('providers.create, spec', spec, SPEC_KEYS, SHAPES)
    runClientChecks(this.#context, 'CreateProvider', () => checkProviderSpec(name, spec))
    return this.#context.gateway.mutate({ rpc: 'CreateProvider', signal, requestId }, (codec, call) =>
      codec.providers.create(this.#address(name), spec, call),
    )
  }

  /** Changes a provider; sandboxes that it is attached to get the new values. Throws kind `not-found` when there is none. */
  async update(
    name: string,
    changes: ProviderChanges,
    options: ProviderUpdateOptions = {},
  ): Promise<ProviderUpdateResult> {
    requireNames('providers.update', { name })
    checkOptions('providers.update, changes', changes, CHANGE_KEYS, SHAPES)
    checkOptions('providers.update, options', options, ['expectedResourceVersion', 'signal', 'requestId'])
    // An empty text means a removal on the wire, so that this check is not one that can be turned off.
    throwViolations('UpdateProvider', checkProviderChanges(changes))
    const revision = toRevision('UpdateProvider', options.expectedResourceVersion)
    return this.#context.gateway.mutate(
      { rpc: 'UpdateProvider', signal: options.signal, requestId: options.requestId },
      (codec, call) => codec.providers.update(this.#address(name), changes, revision, call),
    )
  }

  /** Reads a provider, without the values of its credentials. Throws kind `not-found` when there is none. */
  async get(name: string, options: RequestOptions = {}): Promise<ProviderInfo> {
    const { signal } = checkOptions('providers.get', options, REQUEST_OPTIONS)
    requireNames('providers.get', { name })
    return this.#context.gateway.read({ rpc: 'GetProvider', signal }, (codec, call) =>
      codec.providers.get(this.#address(name), call),
    )
  }

  /** Reads a provider, or returns undefined. Throws kind `not-found` when the workspace itself does not exist. */
  tryGet(name: string, options: RequestOptions = {}): Promise<ProviderInfo | undefined> {
    return orUndefined(this.get(name, options))
  }

  /** Lists the providers; the signal belongs to all of the reading. */
  list(options: ProviderListOptions = {}): Pager<ProviderInfo> {
    checkOptions('providers.list', options, ['labelSelector', ...LIST_OPTIONS])
    const labelSelector = readLabelSelector(this.#context, 'ListProviders', options)
    const request = { scope: { workspace: this.#workspace }, labelSelector }
    return listPages(
      this.#context.gateway,
      { rpc: 'ListProviders' },
      options,
      (codec, page, call) => codec.providers.list({ ...request, ...page }, call),
      ({ id }) => id,
    )
  }

  /** Deletes a provider; a missing one is a result. Throws kind `failed-precondition` while it is attached to a sandbox. */
  async delete(name: string, options: ChangeOptions = {}): Promise<DeleteResult> {
    const { signal, requestId } = checkOptions('providers.delete', options, CHANGE_OPTIONS)
    requireNames('providers.delete', { name })
    return this.#context.gateway.mutate({ rpc: 'DeleteProvider', signal, requestId }, (codec, call) =>
      codec.providers.delete(this.#address(name), call),
    )
  }

  #address(name: string) {
    return { workspace: this.#workspace, name }
  }
}
