import type { ProviderProfile } from '@openshell-ts/protocol/v0-0'
import type { StoredRecord } from '../records/stored-record.js'
import type { GatewayStore } from '../store/gateway-store.js'

/** A profile as it is kept: its scope is its workspace, empty for the platform, and its name is its id. */
export type ProfileRecord = StoredRecord<ProviderProfile>

/** Brings an id into the form of profiles' ids, or gives `undefined` when it cannot be one. */
export function normalizeProfileId(id: string): string | undefined {
  const normal = id.trim().toLowerCase()
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(normal) ? normal : undefined
}

/** The profile that a provider follows: the one of that scope with the id that its type names. `undefined` without one. */
export function findProfile(
  { providerProfiles }: Pick<GatewayStore, 'providerProfiles'>,
  type: string,
  profileWorkspace: string,
): ProfileRecord | undefined {
  const id = normalizeProfileId(type)
  return id === undefined ? undefined : providerProfiles.find(profileWorkspace, id)
}

/** The profiles that one scope sees, by id: its own, and those of the platform that it has no own one for. */
export function visibleProfiles(
  { providerProfiles }: Pick<GatewayStore, 'providerProfiles'>,
  workspace: string,
): ProfileRecord[] {
  const own = providerProfiles.list(workspace)
  const ownIds = new Set(own.map(({ name }) => name))
  const platform = workspace === '' ? [] : providerProfiles.list('').filter(({ name }) => !ownIds.has(name))
  return [...own, ...platform].sort((left, right) => (left.name < right.name ? -1 : 1))
}
