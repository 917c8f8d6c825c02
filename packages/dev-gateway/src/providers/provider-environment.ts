import { createHash } from 'node:crypto'
import { isEnvironmentKey } from '../checks/is-environment-key.js'
import { failedPrecondition } from '../errors/status-error.js'
import type { ProviderRecord } from '../records/provider.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { findProfile } from './profile-catalog.js'

/** What attached providers bring into a sandbox. */
export interface ProviderEnvironment {
  /** Secret values by variable. */
  readonly environment: Readonly<Record<string, string>>
  /** When values end, in milliseconds since 1970, by variable; variables that never end are missing. */
  readonly expiresAtMs: Readonly<Record<string, number>>
  /** Changes whenever the content does. */
  readonly revision: bigint
}

/**
 * The providers of these names, in this order.
 *
 * @throws StatusError FAILED_PRECONDITION for the first one that does not exist.
 */
export function requireProviders(
  { providers }: Pick<GatewayStore, 'providers'>,
  workspace: string,
  names: readonly string[],
): ProviderRecord[] {
  return names.map((name) => {
    const provider = providers.find(workspace, name)
    if (!provider) throw failedPrecondition(`provider '${name}' not found`)
    return provider
  })
}

/** Puts together what attached providers bring. Credentials that have ended, or that cannot be variables, stay out. */
export function providerEnvironment(store: GatewayStore, providers: readonly ProviderRecord[]): ProviderEnvironment {
  const environment: Record<string, string> = {}
  const expiresAtMs: Record<string, number> = {}
  for (const provider of providers) {
    for (const key of activeKeys(store, provider)) {
      environment[key] = provider.value.credentials[key] ?? ''
      const end = provider.value.credentialExpiresAtMs[key]
      if (end !== undefined) expiresAtMs[key] = end
    }
  }
  return { environment, expiresAtMs, revision: environmentRevision(store, providers) }
}

/** True when a credential of a provider has ended, so that sandboxes do not get it any more. */
export function hasEndedCredential({ now }: Pick<GatewayStore, 'now'>, { value }: ProviderRecord): boolean {
  return Object.values(value.credentialExpiresAtMs).some((end) => end <= now())
}

/** A number that changes when one of these providers, its profile, or the list of them does. 0 without providers. */
export function environmentRevision(store: GatewayStore, providers: readonly ProviderRecord[]): bigint {
  if (providers.length === 0) return 0n
  const parts = providers.map(({ id, resourceVersion, value }) => {
    const profile = findProfile(store, value.type, value.profileWorkspace)
    return [id, resourceVersion, profile?.id, profile?.resourceVersion]
  })
  return createHash('sha256').update(JSON.stringify(parts)).digest().readBigUInt64LE(0)
}

/**
 * Refuses providers of which two bring the same variable. `candidate` takes the place of the kept record with its id.
 *
 * @throws StatusError FAILED_PRECONDITION that names the variable and both providers.
 */
export function checkEnvironmentKeysUnique(
  store: GatewayStore,
  providers: readonly ProviderRecord[],
  candidate?: ProviderRecord,
): void {
  const owners = new Map<string, string>()
  for (const kept of providers) {
    const provider = kept.id === candidate?.id ? candidate : kept
    for (const key of [...activeKeys(store, provider), ...refreshedKeys(store, provider)]) {
      const owner = owners.get(key)
      if (owner !== undefined && owner !== provider.name) {
        throw failedPrecondition(
          `credential env key '${key}' is provided by both provider '${owner}' and provider '${provider.name}'; ` +
            'use provider-specific env names',
        )
      }
      owners.set(key, provider.name)
    }
  }
}

function activeKeys(store: GatewayStore, { value }: ProviderRecord): string[] {
  const declared = declaredKeys(store, value.type, value.profileWorkspace)
  const now = store.now()
  return Object.keys(value.credentials).filter(
    (key) =>
      isEnvironmentKey(key) &&
      (value.credentialExpiresAtMs[key] ?? Number.POSITIVE_INFINITY) > now &&
      (declared === undefined || declared.has(key)),
  )
}

// A profile says which credentials there are; without one, each is taken.
function declaredKeys(store: GatewayStore, type: string, profileWorkspace: string): Set<string> | undefined {
  const profile = findProfile(store, type, profileWorkspace)
  return profile && new Set(profile.value.credentials.flatMap(({ name, envVars }) => [name, ...envVars]))
}

function refreshedKeys({ providerRefreshes }: GatewayStore, { id }: ProviderRecord): string[] {
  return providerRefreshes.list(id).map(({ name }) => name)
}
