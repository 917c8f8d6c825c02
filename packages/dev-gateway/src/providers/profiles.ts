import { clone } from '@bufbuild/protobuf'
import {
  type ProviderProfile,
  type ProviderProfileImportItem,
  ProviderProfileSchema,
} from '@openshell-ts/protocol/v0-0'
import { versionConflict } from '../checks/check-resource-version.js'
import { failedPrecondition, invalidArgument, notFound } from '../errors/status-error.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { hasErrors, lintProfiles, type ProfileDiagnostic } from './lint-profiles.js'
import { normalizeProfileId, type ProfileRecord, visibleProfiles } from './profile-catalog.js'

/** What became of profiles that were to be stored: the records, or the problems that kept all of them out. */
export interface ProfileResult {
  readonly diagnostics: readonly ProfileDiagnostic[]
  /** Empty when there is an error among the diagnostics. */
  readonly stored: readonly ProfileRecord[]
}

/** Checks profiles as an import into this scope would; the empty scope is the platform. */
export function checkProfiles(
  store: GatewayStore,
  scope: string,
  items: readonly ProviderProfileImportItem[],
): ProfileDiagnostic[] {
  const conflicts = items.flatMap((item) => conflictOf(store, scope, item) ?? [])
  return [...conflicts, ...lintProfiles(items)]
}

/** Stores profiles in this scope: all of them, or none when one has an error. */
export function importProfiles(
  store: GatewayStore,
  scope: string,
  items: readonly ProviderProfileImportItem[],
): ProfileResult {
  const diagnostics = checkProfiles(store, scope, items)
  if (hasErrors(diagnostics)) return { diagnostics, stored: [] }
  const stored = items.flatMap(({ profile }) => {
    const record = profile && store.providerProfiles.insert(scope, profile.id, kept(profile))
    return record ?? []
  })
  return { diagnostics, stored }
}

/** A replacement of one profile. */
export interface ProfileReplacement {
  readonly id: string
  readonly item: ProviderProfileImportItem | undefined
  /** The version that the caller read; 0 takes the one in the profile itself. */
  readonly expectedResourceVersion: bigint
}

/**
 * Replaces a stored profile.
 *
 * @throws StatusError ABORTED when it was changed since, INVALID_ARGUMENT for an id that cannot be one.
 */
export function replaceProfile(store: GatewayStore, scope: string, replacement: ProfileReplacement): ProfileResult {
  const items = replacement.item ? [replacement.item] : []
  const id = requireProfileId(replacement.id)
  const present = store.providerProfiles.find(scope, id)
  const expected = replacement.expectedResourceVersion || (replacement.item?.profile?.resourceVersion ?? 0n)
  const diagnostics = [...targetProblems(id, present, replacement.item, expected), ...lintProfiles(items)]
  const profile = replacement.item?.profile
  if (hasErrors(diagnostics) || !present || !profile) return { diagnostics, stored: [] }
  if (expected !== BigInt(present.resourceVersion)) {
    throw versionConflict('provider profile was modified concurrently', present.resourceVersion)
  }
  const record = store.providerProfiles.update(present.id, kept(profile))
  return { diagnostics: [], stored: record ? [record] : [] }
}

/**
 * The profile with this id that the scope sees.
 *
 * @throws StatusError NOT_FOUND without one, INVALID_ARGUMENT for an id that cannot be one.
 */
export function getProfile(store: GatewayStore, scope: string, id: string): ProfileRecord {
  const normal = requireProfileId(id)
  const record = visibleProfiles(store, scope).find(({ name }) => name === normal)
  if (!record) throw notFound('provider profile not found')
  return record
}

/**
 * Deletes a profile of this scope. Answers whether there was one.
 *
 * @throws StatusError FAILED_PRECONDITION while a sandbox uses a provider that follows it.
 */
export function deleteProfile(store: GatewayStore, scope: string, id: string): boolean {
  const normal = requireProfileId(id)
  const record = store.providerProfiles.find(scope, normal)
  if (!record) return false
  const users = sandboxesUsing(store, scope, normal)
  if (users.length > 0) {
    throw failedPrecondition(`provider profile '${normal}' is in use by sandboxes: ${users.join(', ')}`)
  }
  return store.providerProfiles.remove(record.id)
}

/** A profile as the API shows it: with its version and where it is kept. */
export function shownProfile({ scope, resourceVersion, value }: ProfileRecord): ProviderProfile {
  const shown = clone(ProviderProfileSchema, value)
  shown.resourceVersion = BigInt(resourceVersion)
  shown.source = 'user'
  shown.scope = scope === '' ? 'platform' : 'workspace'
  return shown
}

function kept(profile: ProviderProfile): ProviderProfile {
  const copy = clone(ProviderProfileSchema, profile)
  copy.resourceVersion = 0n
  copy.source = ''
  copy.scope = ''
  return copy
}

function requireProfileId(id: string): string {
  if (id.trim() === '') throw invalidArgument('id is required')
  const normal = normalizeProfileId(id)
  if (normal === undefined) throw invalidArgument("id must be lowercase kebab-case using only a-z, 0-9, and '-'")
  return normal
}

function conflictOf(
  { providerProfiles }: GatewayStore,
  scope: string,
  { source, profile }: ProviderProfileImportItem,
): ProfileDiagnostic | undefined {
  const id = profile && normalizeProfileId(profile.id)
  if (id === undefined) return undefined
  const found = { source, profileId: id, field: 'id' }
  if (providerProfiles.find(scope, id)) {
    return { ...found, message: `custom provider profile '${id}' already exists`, severity: 'error' }
  }
  if (scope === '' || !providerProfiles.find('', id)) return undefined
  const message = `profile '${id}' shadows a platform-scoped profile in this workspace`
  return { ...found, message, severity: 'warning' }
}

function targetProblems(
  id: string,
  present: ProfileRecord | undefined,
  item: ProviderProfileImportItem | undefined,
  expected: bigint,
): ProfileDiagnostic[] {
  const problems: ProfileDiagnostic[] = []
  const report = (source: string, profileId: string, field: string, message: string) =>
    problems.push({ source, profileId, field, message, severity: 'error' })
  const given = item?.profile
  const payloadId = given && normalizeProfileId(given.id)
  if (item && payloadId !== undefined && payloadId !== id) {
    const message = `provider profile update target '${id}' does not match payload id '${payloadId}'`
    report(item.source, payloadId, 'id', message)
  }
  if (!present) report(id, id, 'id', `custom provider profile '${id}' does not exist`)
  if (item && given && expected === 0n) {
    const message =
      'custom provider profile update requires a non-zero resource_version; export the current profile before editing it'
    report(item.source, given.id, 'resource_version', message)
  }
  return problems
}

function sandboxesUsing({ providers, sandboxes }: GatewayStore, scope: string, profileId: string): string[] {
  const rows = sandboxes.list(scope === '' ? undefined : scope)
  const users = rows.filter(({ workspace, spec }) =>
    spec.providers.some((name) => {
      const provider = providers.find(workspace, name)?.value
      return provider?.profileWorkspace === scope && normalizeProfileId(provider.type) === profileId
    }),
  )
  return users.map(({ name }) => name).sort()
}
