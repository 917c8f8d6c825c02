import { status } from '@grpc/grpc-js'
import { versionConflict } from '../checks/check-resource-version.js'
import type { DriverClient } from '../driver/driver-client.js'
import { alreadyExists, failedPrecondition, invalidArgument, notFound, StatusError } from '../errors/status-error.js'
import type { Provider, ProviderRecord } from '../records/provider.js'
import { isMintable, refreshStrategyOf } from '../records/refresh.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { generateName } from '../store/generate-name.js'
import { changedProvider, type ProviderUpdate } from './changed-provider.js'
import { checkNewProvider, checkProviderMetadata, checkProviderValues } from './check-provider.js'
import { findProfile } from './profile-catalog.js'
import { checkEnvironmentKeysUnique, requireProviders } from './provider-environment.js'

/** What providers are changed with. */
export interface ProviderContext {
  readonly store: GatewayStore
  /** Is told of a workspace before the first credential is kept in it. */
  readonly driver: Pick<DriverClient, 'call'>
}

/** A provider to create. */
export interface NewProvider extends Provider {
  /** Empty for a generated one. */
  readonly name: string
  /** True when the request names places where credentials are kept, which only the gateway may do. */
  readonly hasCredentialHandles: boolean
}

/**
 * Creates a provider in a workspace that exists. With credentials, the driver prepares the workspace first.
 *
 * @throws StatusError with the driver's own error when it refuses, and for fields that cannot be kept.
 */
export async function createProvider(
  context: ProviderContext,
  workspace: string,
  { name: wanted, hasCredentialHandles, ...provider }: NewProvider,
): Promise<ProviderRecord> {
  const { store } = context
  if (Object.keys(provider.credentials).length > 0) await ensureWorkspace(context, workspace)
  const name = wanted || generateName((candidate) => store.providers.find(workspace, candidate) !== undefined)
  checkProviderMetadata(provider)
  if (provider.type.trim() === '') throw invalidArgument('provider.type is required')
  refuseHandles(hasCredentialHandles)
  if (provider.profileWorkspace !== '' && provider.profileWorkspace !== workspace) {
    throw invalidArgument('profile_workspace must be empty (global) or match the provider workspace')
  }
  if (Object.keys(provider.credentials).length === 0 && !mayBeEmpty(store, provider)) {
    throw invalidArgument('provider.credentials must not be empty')
  }
  checkNewProvider(name, provider)
  const record = store.providers.insert(workspace, name, provider)
  if (!record) throw alreadyExists('provider already exists')
  return record
}

/**
 * The provider with this name.
 *
 * @throws StatusError NOT_FOUND without one, INVALID_ARGUMENT for an empty name.
 */
export function getProvider({ providers }: GatewayStore, workspace: string, name: string): ProviderRecord {
  if (name === '') throw invalidArgument('name is required')
  const record = providers.find(workspace, name)
  if (!record) throw notFound('provider not found')
  return record
}

/** An update, and what it was based on. */
export interface ProviderUpdateRequest extends ProviderUpdate {
  readonly name: string
  readonly hasCredentialHandles: boolean
  /** The version that the caller read; 0 for no check. */
  readonly expectedResourceVersion: bigint
}

/**
 * Changes a provider; sandboxes that it is attached to get the new values.
 *
 * @throws StatusError ABORTED when it was changed since, and for changes that are not allowed.
 */
export async function updateProvider(
  context: ProviderContext,
  workspace: string,
  update: ProviderUpdateRequest,
): Promise<ProviderRecord> {
  const { store } = context
  if (Object.keys(update.credentials).length > 0) await ensureWorkspace(context, workspace)
  if (update.name === '') throw invalidArgument('provider.name is required')
  const present = getProvider(store, workspace, update.name)
  const value = changedProvider(store, present, update)
  refuseHandles(update.hasCredentialHandles)
  checkProviderValues(value)
  checkSandboxesKeepUniqueKeys(store, { ...present, value })
  if (update.expectedResourceVersion !== 0n && update.expectedResourceVersion !== BigInt(present.resourceVersion)) {
    throw versionConflict('provider was modified concurrently', present.resourceVersion)
  }
  const record = store.providers.update(present.id, value)
  if (!record) throw notFound('provider not found')
  return record
}

/**
 * Deletes a provider and its renewals. Answers whether there was one.
 *
 * @throws StatusError FAILED_PRECONDITION while it is attached to a sandbox.
 */
export function deleteProvider(store: GatewayStore, workspace: string, name: string): boolean {
  if (name === '') throw invalidArgument('name is required')
  const record = store.providers.find(workspace, name)
  if (!record) return false
  const attached = store.sandboxes.list(workspace).filter(({ spec }) => spec.providers.includes(name))
  if (attached.length > 0) {
    const names = attached.map((row) => row.name).sort()
    throw failedPrecondition(`provider '${name}' is attached to sandbox(es): ${names.join(', ')}`)
  }
  store.providerRefreshes.removeScope(record.id)
  return store.providers.remove(record.id)
}

/**
 * Refuses a changed provider that would bring a variable into a sandbox that another provider brings too.
 *
 * @throws StatusError FAILED_PRECONDITION that names the sandbox.
 */
export function checkSandboxesKeepUniqueKeys(store: GatewayStore, candidate: ProviderRecord): void {
  for (const { name, spec } of store.sandboxes.list(candidate.scope)) {
    if (!spec.providers.includes(candidate.name)) continue
    try {
      checkEnvironmentKeysUnique(store, requireProviders(store, candidate.scope, spec.providers), candidate)
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      throw failedPrecondition(
        `provider update would create credential env key conflict on sandbox '${name}': ${error.details}`,
      )
    }
  }
}

async function ensureWorkspace({ driver }: ProviderContext, workspace: string): Promise<void> {
  try {
    await driver.call('ensureWorkspace', { workspace })
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== status.UNIMPLEMENTED) throw error
  }
}

function refuseHandles(hasCredentialHandles: boolean): void {
  if (!hasCredentialHandles) return
  throw invalidArgument('provider.credential_handles is internal gateway state and cannot be supplied')
}

// A profile whose credentials the gateway gets itself needs none to begin with.
function mayBeEmpty(store: GatewayStore, provider: Provider): boolean {
  const profile = findProfile(store, provider.type, provider.profileWorkspace)
  const credentials = profile?.value.credentials ?? []
  const obtained = credentials.filter(({ refresh, tokenGrant }) => {
    const strategy = refresh && refreshStrategyOf(refresh.strategy)
    return tokenGrant !== undefined || (strategy !== undefined && isMintable(strategy))
  })
  return obtained.length > 0 && credentials.every((one) => !one.required || obtained.includes(one))
}
