import type { ClientContext } from '../calls/client-context.js'
import { type ChangeOptions, REQUEST_OPTIONS, type RequestOptions } from '../calls/request-options.js'
import { SameSandbox } from '../calls/same-sandbox.js'
import { checkOptions } from '../checks/check-options.js'
import { requireNames } from '../checks/require-arguments.js'
import { toRevision } from '../checks/resource-revision.js'
import type { EffectiveSetting, SandboxConfigInfo, SettingValue } from '../model/setting.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'
import { checkSettingValue } from './check-setting.js'

/** How a setting of a sandbox is changed. */
export interface SettingUpdateOptions extends ChangeOptions {
  /** Refuses the change with kind `conflict` when the sandbox has another `resourceVersion` by now; absent: no check. */
  readonly expectedResourceVersion?: string
}

/** The settings of one sandbox. What the gateway's own settings say wins over them. */
export class SandboxSettings {
  readonly #calls: SameSandbox
  readonly #address: SandboxAddress

  /** @internal Comes with a sandbox. */
  constructor(context: ClientContext, address: SandboxAddress) {
    this.#calls = new SameSandbox(context.gateway, address)
    this.#address = address
  }

  /** What holds for the sandbox, wherever it was set. */
  async read(options: RequestOptions = {}): Promise<SandboxConfigInfo> {
    const { signal } = checkOptions('settings.read', options, REQUEST_OPTIONS)
    return this.#calls.read(
      this.#scope('GetSandboxConfig', signal),
      (codec, call) => codec.config.sandboxConfig(this.#address, call),
      '0.0',
    )
  }

  /** One setting as it holds for the sandbox. Undefined for a key that the gateway does not know. */
  async get(key: string, options: RequestOptions = {}): Promise<EffectiveSetting | undefined> {
    checkOptions('settings.get', options, REQUEST_OPTIONS)
    requireNames('settings.get', { key })
    const { settings } = await this.read(options)
    return settings.find((setting) => setting.key === key)
  }

  /** Sets a setting, and returns the settings' new revision. Throws kind `invalid-argument` for a key that does not exist. */
  async set(key: string, value: SettingValue, options: SettingUpdateOptions = {}): Promise<string> {
    checkOptions('settings.set', options, ['expectedResourceVersion', 'signal', 'requestId'])
    requireNames('settings.set', { key })
    checkSettingValue(value)
    const revision = toRevision('UpdateConfig', options.expectedResourceVersion)
    return this.#calls.mutate(this.#change('UpdateConfig', options), (codec, call) =>
      codec.config.setSetting(this.#owner, key, value, revision, call),
    )
  }

  /** Takes a setting back. Returns false when it was not set here. Some gateways do this for their own settings alone. */
  async delete(key: string, options: SettingUpdateOptions = {}): Promise<boolean> {
    checkOptions('settings.delete', options, ['expectedResourceVersion', 'signal', 'requestId'])
    requireNames('settings.delete', { key })
    const revision = toRevision('UpdateConfig', options.expectedResourceVersion)
    return this.#calls.mutate(this.#change('UpdateConfig', options), (codec, call) =>
      codec.config.deleteSetting(this.#owner, key, revision, call),
    )
  }

  get #owner() {
    return { workspace: this.#address.workspace, sandboxName: this.#address.name }
  }

  #change(rpc: string, { signal, requestId }: ChangeOptions) {
    return { ...this.#scope(rpc, signal), requestId }
  }

  #scope(rpc: string, signal?: AbortSignal) {
    return { rpc, sandboxName: this.#address.name, signal }
  }
}
