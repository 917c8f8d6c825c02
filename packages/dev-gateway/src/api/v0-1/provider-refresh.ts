import type { MessageInitShape } from '@bufbuild/protobuf'
import type { OpenShell, ProviderCredentialRefreshStatusSchema, WorkspaceSelector } from '@openshell-ts/protocol/v0-1'
import { configureRefresh } from '../../providers/configure-refresh.js'
import { type CredentialReference, deleteRefresh, listRefreshes, rotateCredential } from '../../providers/refreshes.js'
import { type RefreshRecord, refreshStrategyOf, wireNumberOf } from '../../records/refresh.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import type { ApiContext } from '../api-context.js'
import { deletionOutcome } from './deletion.js'
import { toMilliseconds, toTimestamp } from './to-timestamp.js'
import { scopeOf } from './workspace-scope.js'

interface ScopedRequest {
  readonly workspaceScope?: WorkspaceSelector | undefined
  readonly provider: string
  readonly credentialKey: string
}

/** What a client can do with the renewal of providers' credentials. */
export function providerRefreshHandlers({ store }: ApiContext): MethodHandlers<typeof OpenShell> {
  const referenceOf = ({ workspaceScope, provider, credentialKey }: ScopedRequest): CredentialReference => ({
    workspace: scopeOf(store.workspaces, workspaceScope),
    provider,
    credentialKey,
  })
  return {
    getProviderRefreshStatus: (request) => ({
      credentials: listRefreshes(store, referenceOf(request)).map(toStatus),
    }),
    configureProviderRefresh: (request) => {
      const { strategy, material, secretMaterialKeys, expirationTime } = request
      const record = configureRefresh(store, {
        ...referenceOf(request),
        strategy: refreshStrategyOf(strategy),
        material,
        secretMaterialKeys,
        expiresAtMs: expirationTime && toMilliseconds('expiration_time', expirationTime),
      })
      return { status: toStatus(record) }
    },
    rotateProviderCredential: async (request) => ({
      status: toStatus(await rotateCredential(store, referenceOf(request))),
    }),
    deleteProviderRefresh: (request) => {
      const deleted = deleteRefresh(store, referenceOf(request))
      return { outcome: deletionOutcome(deleted, request.allowMissing, 'provider refresh state not found') }
    },
  }
}

function toStatus({
  scope,
  name,
  value,
}: RefreshRecord): MessageInitShape<typeof ProviderCredentialRefreshStatusSchema> {
  const expirationTime = toTimestamp(value.expiresAtMs)
  const nextRefreshTime = toTimestamp(value.nextRefreshAtMs)
  const lastRefreshTime = toTimestamp(value.lastRefreshAtMs)
  const lastErrorTime = toTimestamp(value.lastErrorAtMs ?? 0)
  return {
    provider: value.providerName,
    providerId: scope,
    credentialKey: name,
    strategy: wireNumberOf(value.strategy),
    status: value.status,
    lastError: value.lastError,
    ...(expirationTime && { expirationTime }),
    ...(nextRefreshTime && { nextRefreshTime }),
    ...(lastRefreshTime && { lastRefreshTime }),
    ...(lastErrorTime && { lastErrorTime }),
  }
}
