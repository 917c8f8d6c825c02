import { invalidArgument, notFound, StatusError } from '../errors/status-error.js'
import type { ProviderRecord } from '../records/provider.js'
import { nextRefreshAtMs, type Refresh, type RefreshRecord } from '../records/refresh.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { mintToken } from './mint-token.js'

const retryMs = 60_000

/** Which credential of which provider. */
export interface CredentialReference {
  readonly workspace: string
  readonly provider: string
  readonly credentialKey: string
}

/**
 * The renewals of a provider, or the one of a credential when its key is not empty.
 *
 * @throws StatusError NOT_FOUND without the provider.
 */
export function listRefreshes(store: GatewayStore, reference: CredentialReference): RefreshRecord[] {
  const provider = requireProvider(store, reference)
  const key = reference.credentialKey.trim()
  return store.providerRefreshes.list(provider.id).filter(({ name }) => key === '' || name === key)
}

/**
 * Renews a credential now, from its token endpoint.
 *
 * @throws StatusError NOT_FOUND without a renewal, and with the endpoint's refusal; the renewal then shows it.
 */
export async function rotateCredential(store: GatewayStore, reference: CredentialReference): Promise<RefreshRecord> {
  const key = requireCredentialKey(reference)
  const provider = requireProvider(store, reference)
  const record = store.providerRefreshes.find(provider.id, key)
  if (!record) throw notFound('provider refresh state not found')
  return renew(store, record)
}

/** Renews the credential of one renewal. Rejects as `rotateCredential` does. */
export async function renew(store: GatewayStore, record: RefreshRecord): Promise<RefreshRecord> {
  const { value } = record
  try {
    const token = await mintToken(value, store.now())
    const provider = store.providers.get(record.scope)
    // Both may have been deleted while the endpoint was asked; what came is dropped then.
    if (!provider || !store.providerRefreshes.get(record.id)) throw notFound('provider refresh state not found')
    const credentials = { ...provider.value.credentials, [record.name]: token.accessToken }
    const ends = { ...provider.value.credentialExpiresAtMs, [record.name]: token.expiresAtMs }
    store.providers.update(provider.id, { ...provider.value, credentials, credentialExpiresAtMs: ends })
    return write(store, record, {
      ...value,
      ...(token.refreshToken !== undefined && {
        material: { ...value.material, refresh_token: token.refreshToken },
      }),
      status: 'refreshed',
      lastError: '',
      lastErrorAtMs: 0,
      expiresAtMs: token.expiresAtMs,
      lastRefreshAtMs: store.now(),
      nextRefreshAtMs: nextRefreshAtMs(token.expiresAtMs, value.refreshBeforeSeconds),
    })
  } catch (error) {
    if (error instanceof StatusError && store.providerRefreshes.get(record.id)) {
      const failed: Refresh = { ...value, status: 'error', lastError: error.details, lastErrorAtMs: store.now() }
      write(store, record, { ...failed, nextRefreshAtMs: store.now() + retryMs })
    }
    throw error
  }
}

/** Ends the renewal of a credential, which stays as it is. Answers whether there was one. */
export function deleteRefresh(store: GatewayStore, reference: CredentialReference): boolean {
  const key = requireCredentialKey(reference)
  const provider = requireProvider(store, reference)
  const record = store.providerRefreshes.find(provider.id, key)
  return record !== undefined && store.providerRefreshes.remove(record.id)
}

/** The credential's name. Throws INVALID_ARGUMENT when the provider or it is missing. */
export function requireCredentialKey({ provider, credentialKey }: CredentialReference): string {
  if (provider.trim() === '') throw invalidArgument('provider is required')
  const key = credentialKey.trim()
  if (key === '') throw invalidArgument('credential_key is required')
  return key
}

/** The provider that is meant. Throws NOT_FOUND without one. */
export function requireProvider(
  { providers }: GatewayStore,
  { workspace, provider }: CredentialReference,
): ProviderRecord {
  const name = provider.trim()
  if (name === '') throw invalidArgument('provider is required')
  const record = providers.find(workspace, name)
  if (!record) throw notFound('provider not found')
  return record
}

function write({ providerRefreshes }: GatewayStore, { id }: RefreshRecord, refresh: Refresh): RefreshRecord {
  const record = providerRefreshes.update(id, refresh)
  if (!record) throw notFound('provider refresh state not found')
  return record
}
