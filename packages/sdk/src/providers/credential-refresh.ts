import type { ClientContext } from '../calls/client-context.js'
import { CHANGE_OPTIONS, type ChangeOptions, REQUEST_OPTIONS, type RequestOptions } from '../calls/request-options.js'
import { checkOptions } from '../checks/check-options.js'
import { checkCount, checkLength, violation } from '../checks/check-text.js'
import { name, oneOf, record, texts, time } from '../checks/option-shapes.js'
import { requireArguments, requireNames } from '../checks/require-arguments.js'
import { runClientChecks } from '../checks/run-client-checks.js'
import type { Violation } from '../errors/openshell-error.js'
import type { DeleteResult } from '../model/delete-result.js'
import type { RefreshConfiguration, RefreshStatus } from '../model/refresh-status.js'
import { REFRESH_STRATEGIES } from '../wire/enum-words.js'
import type { CredentialAddress } from '../wire/refresh-calls.js'

const CONFIGURATION_KEYS = [
  'strategy',
  'material',
  'secretMaterialNames',
  'expiresAt',
] as const satisfies readonly (keyof RefreshConfiguration)[]

const CONFIGURATION_SHAPES = {
  strategy: oneOf(...REFRESH_STRATEGIES.filter((word) => word !== 'unspecified')),
  material: record,
  secretMaterialNames: texts,
  expiresAt: time,
}

/** How the gateway renews credentials of providers. Changing it is for administrators of the workspace. */
export class CredentialRefresh {
  readonly #context: ClientContext
  readonly #workspace: string

  /** @internal Comes with the providers of a workspace. */
  constructor(context: ClientContext, workspace: string) {
    this.#context = context
    this.#workspace = workspace
  }

  /** The credentials of a provider that are renewed; empty when none is. Throws kind `not-found` without the provider. */
  async status(provider: string, options: RequestOptions = {}): Promise<readonly RefreshStatus[]> {
    const { signal } = checkOptions('refresh.status', options, REQUEST_OPTIONS)
    requireNames('refresh.status', { provider })
    return this.#context.gateway.read({ rpc: 'GetProviderRefreshStatus', signal }, (codec, call) =>
      codec.refresh.status(this.#address(provider, ''), call),
    )
  }

  /**
   * Sets how a credential is renewed; what the provider's profile says fills in the rest. Material goes in and never comes back,
   * and no error holds any of it.
   */
  async configure(
    provider: string,
    credentialName: string,
    configuration: RefreshConfiguration,
    options: ChangeOptions = {},
  ): Promise<RefreshStatus> {
    const { signal, requestId } = checkOptions('refresh.configure, options', options, CHANGE_OPTIONS)
    requireNames('refresh.configure', { provider, credentialName })
    checkOptions('refresh.configure', configuration, CONFIGURATION_KEYS, CONFIGURATION_SHAPES)
    requireArguments('refresh.configure', { strategy: [configuration.strategy, name] })
    const rpc = 'ConfigureProviderRefresh'
    runClientChecks(this.#context, rpc, () => checkConfiguration(credentialName, configuration))
    return this.#context.gateway.mutate({ rpc, signal, requestId }, (codec, call) =>
      codec.refresh.configure(this.#address(provider, credentialName), configuration, call),
    )
  }

  /** Renews a credential now. */
  async rotate(provider: string, credentialName: string, options: ChangeOptions = {}): Promise<RefreshStatus> {
    const { signal, requestId } = checkOptions('refresh.rotate', options, CHANGE_OPTIONS)
    requireNames('refresh.rotate', { provider, credentialName })
    return this.#context.gateway.mutate({ rpc: 'RotateProviderCredential', signal, requestId }, (codec, call) =>
      codec.refresh.rotate(this.#address(provider, credentialName), call),
    )
  }

  /** Ends the renewal; the credential itself stays. One that is not renewed is a result, not an error. */
  async delete(provider: string, credentialName: string, options: ChangeOptions = {}): Promise<DeleteResult> {
    const { signal, requestId } = checkOptions('refresh.delete', options, CHANGE_OPTIONS)
    requireNames('refresh.delete', { provider, credentialName })
    return this.#context.gateway.mutate({ rpc: 'DeleteProviderRefresh', signal, requestId }, (codec, call) =>
      codec.refresh.delete(this.#address(provider, credentialName), call),
    )
  }

  #address(provider: string, credentialName: string): CredentialAddress {
    return { workspace: this.#workspace, provider, credentialName }
  }
}

function checkConfiguration(
  credentialName: string,
  { material = {}, secretMaterialNames = [] }: RefreshConfiguration,
): Violation[] {
  return [
    ...(/^[A-Za-z_][A-Za-z0-9_]*$/.test(credentialName)
      ? []
      : [violation('credentialName', 'INVALID_NAME', 'must be the name of a variable')]),
    ...checkCount('material', Object.keys(material).length, 64),
    ...Object.entries(material).flatMap(([name, value]) => checkMaterial(name, value)),
    ...secretMaterialNames
      .filter((name) => !Object.hasOwn(material, name))
      .map((name) => violation('secretMaterialNames', 'UNKNOWN_NAME', `"${name.slice(0, 64)}" is not in material`)),
  ]
}

function checkMaterial(name: string, value: unknown): Violation[] {
  const path = `material[${JSON.stringify(name.slice(0, 64))}]`
  if (typeof value !== 'string') return [violation(path, 'TYPE_MISMATCH', `must be a text, got ${typeof value}`)]
  return [...checkLength(path, name, 256), ...checkLength(path, value, 8192)]
}
