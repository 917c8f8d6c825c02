import { failedPrecondition } from '../errors/status-error.js'
import type { Settings, SettingValue } from '../records/settings.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { settingKeys } from './registered-settings.js'

/** A setting that holds for a sandbox. `scope` is `undefined` for one that nobody has set. */
export interface EffectiveSetting {
  readonly value: SettingValue | undefined
  readonly scope: 'sandbox' | 'global' | undefined
}

type SettingsStore = Pick<GatewayStore, 'settings'>

/** The owner of the gateway's own settings; the others are sandboxes, by their ids. */
export const globalOwner = ''

const none: Settings = { revision: 0, values: {} }
const recordName = 'settings'

/** The settings of an owner. */
export function readSettings({ settings }: SettingsStore, owner: string): Settings {
  return settings.find(owner, recordName)?.value ?? none
}

/** Sets a value; the same value again changes nothing. Returns the settings after that. */
export function writeSetting(store: SettingsStore, owner: string, key: string, value: SettingValue): Settings {
  const present = readSettings(store, owner)
  if (present.values[key] === value) return present
  return write(store, owner, { revision: present.revision + 1, values: { ...present.values, [key]: value } })
}

/** Removes a value. Returns the settings after that, and whether there was one. */
export function removeSetting(
  store: SettingsStore,
  owner: string,
  key: string,
): { readonly settings: Settings; readonly removed: boolean } {
  const present = readSettings(store, owner)
  if (!Object.hasOwn(present.values, key)) return { settings: present, removed: false }
  const { [key]: _, ...values } = present.values
  return { settings: write(store, owner, { revision: present.revision + 1, values }), removed: true }
}

/** Counts a change of the gateway's configuration that is no setting, such as a new policy. */
export function countChange(store: SettingsStore, owner: string): Settings {
  const present = readSettings(store, owner)
  return write(store, owner, { ...present, revision: present.revision + 1 })
}

/** Every setting there is, with the value that holds for a sandbox: the gateway's own wins. */
export function effectiveSettings(store: SettingsStore, sandboxId: string): Record<string, EffectiveSetting> {
  const own = readSettings(store, sandboxId).values
  const global = readSettings(store, globalOwner).values
  return Object.fromEntries(
    settingKeys.map((key): [string, EffectiveSetting] => {
      if (global[key] !== undefined) return [key, { value: global[key], scope: 'global' }]
      return [key, { value: own[key], scope: own[key] === undefined ? undefined : 'sandbox' }]
    }),
  )
}

/** @throws StatusError FAILED_PRECONDITION when the gateway's own value rules out one of a sandbox. */
export function checkNotGlobal(store: SettingsStore, key: string, text: string): void {
  const { values } = readSettings(store, globalOwner)
  if (!Object.hasOwn(values, key) || values[key] === undefined) return
  throw failedPrecondition(`setting '${key}' is managed globally; delete the global setting ${text}`)
}

function write({ settings }: SettingsStore, owner: string, value: Settings): Settings {
  const record = settings.find(owner, recordName)
  if (record) settings.update(record.id, value)
  else settings.insert(owner, recordName, value)
  return value
}
