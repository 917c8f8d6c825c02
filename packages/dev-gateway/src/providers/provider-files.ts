import type { ProviderProfile } from '@openshell-ts/protocol/v0-1'
import type { ProviderRecord } from '../records/provider.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { toLaterProfile } from '../wire/profile-words.js'
import { findProfile } from './profile-catalog.js'

/** Files that profiles bring into a sandbox. */
export interface ProviderFiles {
  /** Contents by path. */
  readonly files: Record<string, string>
  /** Paths by the variables that name them. */
  readonly environment: Record<string, string>
}

/** The files of the profiles that attached providers follow; of two with one path the later provider's counts. */
export function providerFiles(store: GatewayStore, providers: readonly ProviderRecord[]): ProviderFiles {
  const all = profilesOf(store, providers).flatMap(({ files }) => files)
  return {
    files: Object.fromEntries(all.map(({ path, content }) => [path, content])),
    environment: Object.fromEntries(all.flatMap(({ envVar, path }) => (envVar === '' ? [] : [[envVar, path]]))),
  }
}

/** The variables whose placeholders shall stay the same when their credentials change, by the profiles of attached providers. */
export function stablePlaceholders(store: GatewayStore, providers: readonly ProviderRecord[]): ReadonlySet<string> {
  const credentials = profilesOf(store, providers).flatMap((profile) => profile.credentials)
  const stable = credentials.filter(({ stablePlaceholder }) => stablePlaceholder)
  return new Set(stable.flatMap(({ name, envVars }) => [name, ...envVars]))
}

function profilesOf(store: GatewayStore, providers: readonly ProviderRecord[]): ProviderProfile[] {
  return providers.flatMap(({ value }) => {
    const profile = findProfile(store, value.type, value.profileWorkspace)
    return profile ? [toLaterProfile(profile.value)] : []
  })
}
