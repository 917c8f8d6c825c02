import type { SandboxPolicy } from '@openshell-ts/protocol/v0-0'
import type { Principal } from '../auth/principal.js'
import { invalidArgument, permissionDenied } from '../errors/status-error.js'
import type { SandboxRow } from '../records/sandbox-row.js'
import { checkSettingKey, type GivenSettingValue, parseSetting, policyKey } from '../settings/registered-settings.js'
import { checkNotGlobal, globalOwner, readSettings, removeSetting, writeSetting } from '../settings/settings.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { changePolicy, deleteGlobalPolicy, replacePolicy, setGlobalPolicy, writeAnnotations } from './change-policy.js'
import type { PolicyChange } from './policy-change.js'

/** Changes of single rules, in the words of a line of the wire. */
export interface MergeOperations {
  readonly count: number
  /** Reads them. Throws a StatusError for the first one that is incomplete or can never have an effect. */
  readonly read: () => readonly PolicyChange[]
}

/** One change of the configuration: a policy, changes of a policy, or a setting. */
export interface ConfigUpdate {
  /** True for the gateway's own configuration, which holds for all sandboxes. */
  readonly global: boolean
  readonly policy: SandboxPolicy | undefined
  readonly merge: MergeOperations
  /** Empty for none. */
  readonly settingKey: string
  readonly settingValue: GivenSettingValue | undefined
  readonly deleteSetting: boolean
  /** The version of the sandbox that the caller read; 0 for no check. */
  readonly expectedResourceVersion: bigint
  readonly annotations: Readonly<Record<string, string>>
}

/** The configuration after a change. */
export interface ConfigResult {
  /** Of the policy; 0 when none was changed. */
  readonly version: number
  readonly policyHash: string
  /** Of the settings; 0 when none was changed. */
  readonly settingsRevision: number
  /** True when a setting was deleted. */
  readonly deleted: boolean
  readonly annotations: Readonly<Record<string, string>>
}

const unchanged = { version: 0, policyHash: '', settingsRevision: 0, deleted: false, annotations: {} }

/**
 * Changes the configuration of a sandbox or of the gateway.
 *
 * `findRow` is called once the request itself is in order, and only for a change of a sandbox.
 *
 * @throws StatusError for requests that say too much or too little, and for changes that are not allowed.
 */
export function updateConfig(
  store: GatewayStore,
  update: ConfigUpdate,
  findRow: () => SandboxRow,
  fromSupervisor: boolean,
): ConfigResult {
  const key = update.settingKey.trim()
  const changes = [update.policy !== undefined, key !== '', update.merge.count > 0]
  const count = changes.filter((present) => present).length
  if (count > 1) throw invalidArgument('policy, setting_key, and merge_operations are mutually exclusive')
  if (count === 0) throw invalidArgument('one of policy, setting_key, or merge_operations must be provided')
  if (update.global) return updateGlobal(store, update, key)
  const row = findRow()
  if (key !== '') return updateSandboxSetting(store, row, update, key)
  const result = update.policy
    ? replacePolicy(store, row, update.policy, { ...update, fromSupervisor })
    : changePolicy(store, row, update.merge.read(), update)
  return { ...unchanged, version: result.version, policyHash: result.hash, annotations: result.annotations }
}

/** @throws StatusError PERMISSION_DENIED for what a supervisor may not change. */
export function checkSupervisorUpdate(
  principal: Principal,
  update: Pick<ConfigUpdate, 'global' | 'deleteSetting' | 'settingKey'> & {
    readonly name: string
    readonly policy?: SandboxPolicy | undefined
  },
): void {
  if (principal.type !== 'sandbox') return
  if (update.global) throw permissionDenied('sandbox callers cannot mutate global config')
  if (update.deleteSetting) throw permissionDenied('sandbox callers cannot delete settings')
  if (update.name.trim() === '' || !update.policy || update.settingKey.trim() !== '') {
    throw permissionDenied('sandbox callers may only perform sandbox policy sync')
  }
}

function updateGlobal(store: GatewayStore, update: ConfigUpdate, key: string): ConfigResult {
  if (Object.keys(update.annotations).length > 0) {
    throw invalidArgument('annotations are only supported for sandbox-scoped updates')
  }
  if (update.merge.count > 0) {
    throw invalidArgument('merge_operations are not supported for global policy updates')
  }
  if (update.policy) {
    if (update.deleteSetting) throw invalidArgument('delete_setting cannot be combined with policy payload')
    const { version, hash } = setGlobalPolicy(store, update.policy)
    return { ...unchanged, version, policyHash: hash, settingsRevision: readSettings(store, globalOwner).revision }
  }
  if (key === policyKey && !update.deleteSetting) {
    throw invalidArgument("reserved key 'policy' must be set via the policy field")
  }
  if (key === policyKey) {
    const deleted = deleteGlobalPolicy(store)
    return { ...unchanged, settingsRevision: readSettings(store, globalOwner).revision, deleted }
  }
  checkSettingKey(key)
  if (!update.deleteSetting) {
    const { revision } = writeSetting(store, globalOwner, key, parseSetting(key, update.settingValue))
    return { ...unchanged, settingsRevision: revision }
  }
  const { settings, removed } = removeSetting(store, globalOwner, key)
  return { ...unchanged, settingsRevision: settings.revision, deleted: removed }
}

function updateSandboxSetting(store: GatewayStore, row: SandboxRow, update: ConfigUpdate, key: string): ConfigResult {
  if (key === policyKey) throw invalidArgument("reserved key 'policy' must be set via policy commands")
  checkNotGlobal(store, key, update.deleteSetting ? 'first' : 'before sandbox update')
  const { settings, removed } = update.deleteSetting
    ? removeSetting(store, row.id, key)
    : { settings: writeSetting(store, row.id, key, parseSetting(key, update.settingValue)), removed: false }
  const { annotations } = writeAnnotations(store, row, update)
  return { ...unchanged, settingsRevision: settings.revision, deleted: removed, annotations }
}
