import type { ClientContext } from '../calls/client-context.js'
import { CHANGE_OPTIONS, type ChangeOptions, REQUEST_OPTIONS, type RequestOptions } from '../calls/request-options.js'
import { checkOptions } from '../checks/check-options.js'
import { requireNames } from '../checks/require-arguments.js'
import type { GatewaySettings, SettingValue } from '../model/setting.js'
import { checkSettingValue } from './check-setting.js'

const GLOBAL = { global: true } as const

/** The gateway's own settings, which hold for every sandbox. */
export class GlobalSettings {
  readonly #context: ClientContext

  /** @internal Comes with `client.admin`. */
  constructor(context: ClientContext) {
    this.#context = context
  }

  /** All settings that the gateway knows, whether they are set or not. */
  async read(options: RequestOptions = {}): Promise<GatewaySettings> {
    const { signal } = checkOptions('settings.read', options, REQUEST_OPTIONS)
    return this.#context.gateway.read({ rpc: 'GetGatewayConfig', signal }, (codec, call) =>
      codec.config.gatewaySettings(call),
    )
  }

  /** Sets a setting, and returns the settings' new revision. Throws kind `invalid-argument` for a key that does not exist. */
  async set(key: string, value: SettingValue, options: ChangeOptions = {}): Promise<string> {
    const { signal, requestId } = checkOptions('settings.set', options, CHANGE_OPTIONS)
    requireNames('settings.set', { key })
    checkSettingValue(value)
    return this.#context.gateway.mutate({ rpc: 'UpdateConfig', signal, requestId }, (codec, call) =>
      codec.config.setSetting(GLOBAL, key, value, 0n, call),
    )
  }

  /** Takes a setting back. Returns false when it was not set. */
  async delete(key: string, options: ChangeOptions = {}): Promise<boolean> {
    const { signal, requestId } = checkOptions('settings.delete', options, CHANGE_OPTIONS)
    requireNames('settings.delete', { key })
    return this.#context.gateway.mutate({ rpc: 'UpdateConfig', signal, requestId }, (codec, call) =>
      codec.config.deleteSetting(GLOBAL, key, 0n, call),
    )
  }
}
