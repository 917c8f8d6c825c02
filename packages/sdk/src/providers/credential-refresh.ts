import { checkOptions } from '../checks/check-options.js'
import { checkCount, checkLength, violation } from '../checks/check-text.js'
import { refuseUnknownOptions } from '../checks/refuse-unknown-options.js'
import { throwViolations } from '../checks/throw-violations.js'
import type { ClientContext } from '../client-context.js'
import type { DeleteResult } from '../delete-result.js'
import type { Violation } from '../errors.js'
import { CHANGE_OPTIONS, type ChangeOptions, REQUEST_OPTIONS, type RequestOptions } from '../request-options.js'
import type { CredentialAddress } from '../wire/refresh-calls.js'
import type { RefreshConfiguration, RefreshStatus } from './refresh-status.js'

const CONFIGURATION_KEYS = [
  'strategy',
  'material',
  'secretMaterialNames',
  'expiresAt',
] as const satisfies readonly (keyof RefreshConfiguration)[]

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
    refuseUnknownOptions('refresh.configure', configuration, CONFIGURATION_KEYS)
    const rpc = 'ConfigureProviderRefresh'
    if (this.#context.clientChecks === 'on') throwViolations(rpc, checkConfiguration(credentialName, configuration))
    return this.#context.gateway.mutate({ rpc, signal, requestId }, (codec, call) =>
      codec.refresh.configure(this.#address(provider, credentialName), configuration, call),
    )
  }

  /** Renews a credential now. */
  async rotate(provider: string, credentialName: string, options: ChangeOptions = {}): Promise<RefreshStatus> {
    const { signal, requestId } = checkOptions('refresh.rotate', options, CHANGE_OPTIONS)
    return this.#context.gateway.mutate({ rpc: 'RotateProviderCredential', signal, requestId }, (codec, call) =>
      codec.refresh.rotate(this.#address(provider, credentialName), call),
    )
  }

  /** Ends the renewal; the credential itself stays. One that is not renewed is a result, not an error. */
  async delete(provider: string, credentialName: string, options: ChangeOptions = {}): Promise<DeleteResult> {
    const { signal, requestId } = checkOptions('refresh.delete', options, CHANGE_OPTIONS)
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
