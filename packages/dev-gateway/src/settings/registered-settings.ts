import { invalidArgument } from '../errors/status-error.js'
import type { SettingValue } from '../records/settings.js'

/** A setting's value as a request carries it; the cases are those of the wire, on both lines. */
export interface GivenSettingValue {
  readonly case: 'stringValue' | 'boolValue' | 'intValue' | 'bytesValue' | undefined
  readonly value?: unknown
}

interface RegisteredSetting {
  readonly kind: 'string' | 'bool'
  /** The texts that it may have; any when absent. */
  readonly allowed?: readonly string[]
}

/** Whether rules of attached providers' profiles join the policy of a sandbox. */
export const providersV2Enabled = 'providers_v2_enabled'

/** The key under which the gateway's own policy is deleted; it is no setting itself. */
export const policyKey = 'policy'

const registered: Readonly<Record<string, RegisteredSetting>> = {
  [providersV2Enabled]: { kind: 'bool' },
  ocsf_json_enabled: { kind: 'bool' },
  agent_policy_proposals_enabled: { kind: 'bool' },
  proposal_approval_mode: { kind: 'string', allowed: ['manual', 'auto'] },
}

/** The keys that there are, in the order in which texts name them. */
export const settingKeys: readonly string[] = Object.keys(registered)

/** @throws StatusError INVALID_ARGUMENT for a key that no setting has. */
export function checkSettingKey(key: string): void {
  if (Object.hasOwn(registered, key)) return
  throw invalidArgument(`unknown setting key '${key}'. Allowed keys: ${settingKeys.join(', ')}`)
}

/** The value for a setting. Throws INVALID_ARGUMENT for an unknown key, and for a value that the setting cannot have. */
export function parseSetting(key: string, given: GivenSettingValue | undefined): SettingValue {
  if (!given) throw invalidArgument('setting_value is required')
  checkSettingKey(key)
  if (given.case === undefined) throw invalidArgument('setting_value.value is required')
  const { kind, allowed } = registered[key] ?? { kind: 'string' }
  if (given.case === 'bytesValue') {
    throw invalidArgument(`setting '${key}' expects ${kind} value; bytes are not supported for this key`)
  }
  const { value } = given
  if (kind === 'bool' && typeof value === 'boolean') return value
  if (kind === 'string' && typeof value === 'string') {
    if (!allowed || allowed.includes(value)) return value
    throw invalidArgument(`setting '${key}' expects one of [${allowed.join(', ')}]; got '${value}'`)
  }
  throw invalidArgument(`setting '${key}' expects ${kind} value`)
}
