import type { ProviderCredentialRefresh } from '@openshell-ts/protocol/v0-0'
import { checkEntryCount, checkLength } from '../checks/check-text.js'
import { isEnvironmentKey } from '../checks/is-environment-key.js'
import { invalidArgument, notFound } from '../errors/status-error.js'
import type { ProviderRecord } from '../records/provider.js'
import {
  isMintable,
  nextRefreshAtMs,
  type Refresh,
  type RefreshRecord,
  type RefreshStrategy,
} from '../records/refresh.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { findProfile } from './profile-catalog.js'
import { checkSandboxesKeepUniqueKeys } from './providers.js'
import { type CredentialReference, requireCredentialKey, requireProvider } from './refreshes.js'

const materialLimit = 64
const keyLimit = 256
const valueLimit = 8_192

/** How a credential is to be renewed. */
export interface RefreshConfiguration extends CredentialReference {
  /** Absent when the request names none. */
  readonly strategy: RefreshStrategy | undefined
  readonly material: Readonly<Record<string, string>>
  readonly secretMaterialKeys: readonly string[]
  /** When the present credential ends; absent leaves what is known. */
  readonly expiresAtMs: number | undefined
}

/**
 * Sets how a credential is renewed; what a profile says about it fills in the rest.
 *
 * @throws StatusError INVALID_ARGUMENT for a strategy or material that cannot work, NOT_FOUND without the provider.
 */
export function configureRefresh(store: GatewayStore, configuration: RefreshConfiguration): RefreshRecord {
  const key = requireCredentialKey(configuration)
  if (!isEnvironmentKey(key)) throw invalidArgument('credential_key must be a valid environment variable name')
  const strategy = requireMintable(configuration.strategy)
  checkMaterial(configuration)
  const provider = requireProvider(store, configuration)
  const pending = { ...provider.value.credentials, [key]: provider.value.credentials[key] ?? '' }
  checkSandboxesKeepUniqueKeys(store, { ...provider, value: { ...provider.value, credentials: pending } })
  const declared = declaredRefresh(store, provider, key)
  checkDeclaredMaterial(configuration, declared)
  const present = store.providerRefreshes.find(provider.id, key)
  const refresh = newRefresh(configuration, strategy, declared, provider.name, present?.value)
  const record = present
    ? store.providerRefreshes.update(present.id, refresh)
    : store.providerRefreshes.insert(provider.id, key, refresh)
  if (!record) throw notFound('provider refresh state not found')
  if (configuration.expiresAtMs !== undefined) writeEnd(store, provider, key, configuration.expiresAtMs)
  return record
}

function requireMintable(strategy: RefreshStrategy | undefined): RefreshStrategy {
  if (strategy === undefined) throw invalidArgument('refresh strategy is required')
  if (isMintable(strategy)) return strategy
  throw invalidArgument(
    `refresh strategy '${strategy}' is not gateway-mintable; update current credentials with provider update instead`,
  )
}

function checkMaterial({ material, secretMaterialKeys }: RefreshConfiguration): void {
  const entries = Object.entries(material)
  checkEntryCount('material', entries.length, materialLimit)
  for (const [key, value] of entries) {
    checkLength('material key', key, keyLimit)
    checkLength('material value', value, valueLimit)
  }
  checkEntryCount('secret_material_keys', secretMaterialKeys.length, materialLimit)
  for (const key of secretMaterialKeys) checkLength('secret_material_keys entry', key, keyLimit)
  if ((material['token_url'] ?? '').trim() !== '' || (material['token_uri'] ?? '').trim() !== '') {
    throw invalidArgument('refresh token endpoints must be defined by the provider profile, not material')
  }
  const missing = secretMaterialKeys.find((key) => !Object.hasOwn(material, key))
  if (missing !== undefined) {
    throw invalidArgument(`secret_material_keys entry '${missing}' is not present in material`)
  }
}

function declaredRefresh(
  store: GatewayStore,
  { value }: ProviderRecord,
  key: string,
): ProviderCredentialRefresh | undefined {
  const profile = findProfile(store, value.type, value.profileWorkspace)
  return profile?.value.credentials.find(({ name, envVars }) => name === key || envVars.includes(key))?.refresh
}

function checkDeclaredMaterial(
  { material }: RefreshConfiguration,
  declared: ProviderCredentialRefresh | undefined,
): void {
  const missing = declared?.material.find(({ name, required }) => required && (material[name] ?? '').trim() === '')
  if (missing) throw invalidArgument(`${missing.name} material is required by the provider profile`)
}

function newRefresh(
  { workspace, material, expiresAtMs }: RefreshConfiguration,
  strategy: RefreshStrategy,
  declared: ProviderCredentialRefresh | undefined,
  providerName: string,
  present: Refresh | undefined,
): Refresh {
  const end = expiresAtMs ?? present?.expiresAtMs ?? 0
  const refreshBeforeSeconds = seconds(material, 'refresh_before_seconds', declared?.refreshBeforeSeconds)
  return {
    workspace,
    providerName,
    strategy,
    material,
    tokenUrl: declared?.tokenUrl ?? '',
    scopes: materialScopes(material) ?? declared?.scopes ?? [],
    refreshBeforeSeconds,
    maxLifetimeSeconds: seconds(material, 'max_lifetime_seconds', declared?.maxLifetimeSeconds),
    status: 'configured',
    lastError: '',
    expiresAtMs: end,
    nextRefreshAtMs: nextRefreshAtMs(end, refreshBeforeSeconds),
    lastRefreshAtMs: present?.lastRefreshAtMs ?? 0,
  }
}

function materialScopes(material: Readonly<Record<string, string>>): string[] | undefined {
  const scopes = (material['scopes'] ?? material['scope'] ?? '').split(/[\s,]+/).filter((scope) => scope !== '')
  return scopes.length > 0 ? scopes : undefined
}

function seconds(material: Readonly<Record<string, string>>, name: string, declared: bigint | undefined): number {
  const text = material[name]?.trim()
  if (text === undefined || text === '') return Number(declared ?? 0n)
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw invalidArgument(`${name} material must be an integer`)
  if (value < 0) throw invalidArgument(`${name} material must be greater than or equal to 0`)
  return value
}

function writeEnd({ providers }: GatewayStore, { id, value }: ProviderRecord, key: string, expiresAtMs: number): void {
  const credentialExpiresAtMs = { ...value.credentialExpiresAtMs }
  if (expiresAtMs > 0) credentialExpiresAtMs[key] = expiresAtMs
  else delete credentialExpiresAtMs[key]
  providers.update(id, { ...value, credentialExpiresAtMs })
}
