import type { EffectiveSetting, SettingValue } from '../model/setting.js'
import { CONFIG_SCOPES, wordOf } from './enum-words.js'
import { fromWireValue } from './setting-value.js'

interface WireValue {
  readonly value: { readonly case: string | undefined; readonly value?: SettingValue | bigint | undefined }
}

interface WireSetting {
  readonly value?: WireValue | undefined
  readonly scope: number
}

/** Reads the gateway's settings by key; both lines write them alike. */
export function toSettingValues(settings: Readonly<Record<string, WireValue>>) {
  return Object.fromEntries(Object.entries(settings).map(([key, { value }]) => [key, fromWireValue(value)]))
}

/** Reads the settings that hold for a sandbox, sorted by key; both lines write them alike. */
export function toEffectiveSettings(settings: Readonly<Record<string, WireSetting>>): EffectiveSetting[] {
  return Object.entries(settings)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, { value: holder, scope }]) => {
      const value = fromWireValue(holder?.value)
      return { key, ...(value === undefined ? {} : { value }), scope: wordOf(CONFIG_SCOPES, scope) }
    })
}
