import { failedPrecondition, invalidArgument } from '../errors/status-error.js'
import type { Provider, ProviderRecord } from '../records/provider.js'
import { isMintable } from '../records/refresh.js'
import type { GatewayStore } from '../store/gateway-store.js'

/** What an update brings: an empty text removes the entry of that name, and so does a time of 0. */
export type ProviderUpdate = Pick<
  Provider,
  'type' | 'credentials' | 'config' | 'credentialExpiresAtMs' | 'profileWorkspace'
>

/**
 * The provider that an update makes of the present one.
 *
 * @throws StatusError when the update touches what is fixed, or credentials that a refresh manages.
 */
export function changedProvider(store: GatewayStore, { id, value }: ProviderRecord, update: ProviderUpdate): Provider {
  const type = update.type.trim()
  if (type !== '' && type.toLowerCase() !== value.type.trim().toLowerCase()) {
    throw invalidArgument('provider type cannot be changed; delete and recreate the provider')
  }
  if (update.profileWorkspace !== '' && update.profileWorkspace !== value.profileWorkspace) {
    throw invalidArgument('profile_workspace cannot be changed; delete and recreate the provider')
  }
  checkNotRefreshed(store, id, Object.keys(update.credentials))
  return {
    ...value,
    credentials: merged(value.credentials, update.credentials, ''),
    config: merged(value.config, update.config, ''),
    credentialExpiresAtMs: merged(value.credentialExpiresAtMs, update.credentialExpiresAtMs, 0),
  }
}

function checkNotRefreshed({ providerRefreshes }: GatewayStore, providerId: string, keys: readonly string[]): void {
  const owned = providerRefreshes
    .list(providerId)
    .filter(({ name, value }) => isMintable(value.strategy) && keys.includes(name))
    .map(({ name }) => name)
  if (owned.length === 0) return
  throw failedPrecondition(
    'credentials managed by provider refresh cannot be updated or deleted with provider update: ' +
      `${owned.sort().join(', ')}; use provider refresh rotate, configure, or delete`,
  )
}

function merged<Value>(
  present: Readonly<Record<string, Value>>,
  update: Readonly<Record<string, Value>>,
  removed: Value,
): Record<string, Value> {
  return Object.fromEntries(Object.entries({ ...present, ...update }).filter(([, value]) => value !== removed))
}
