import type { MessageInitShape } from '@bufbuild/protobuf'
import type { OpenShell, ProviderCredentialRefreshStatusSchema } from '@openshell-ts/protocol/v0-0'
import { configureRefresh } from '../../providers/configure-refresh.js'
import { deleteRefresh, listRefreshes, rotateCredential } from '../../providers/refreshes.js'
import { type RefreshRecord, refreshStrategyOf, wireNumberOf } from '../../records/refresh.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { resolveWorkspace } from '../../workspaces/workspace-scope.js'
import type { ApiContext } from '../api-context.js'
import { toNumber } from './to-number.js'

/** What a client can do with the renewal of providers' credentials. */
export function providerRefreshHandlers({ store }: ApiContext): MethodHandlers<typeof OpenShell> {
  const scoped = <Request extends { readonly workspace: string }>(request: Request): Request => ({
    ...request,
    workspace: resolveWorkspace(store.workspaces, request.workspace),
  })
  return {
    getProviderRefreshStatus: (request) => ({
      credentials: listRefreshes(store, scoped(request)).map(toStatus),
    }),
    configureProviderRefresh: ({ strategy, expiresAtMs, ...request }) => ({
      status: toStatus(
        configureRefresh(store, {
          ...scoped(request),
          strategy: refreshStrategyOf(strategy),
          expiresAtMs: expiresAtMs === undefined ? undefined : toNumber(expiresAtMs),
        }),
      ),
    }),
    rotateProviderCredential: async (request) => ({
      status: toStatus(await rotateCredential(store, scoped(request))),
    }),
    deleteProviderRefresh: (request) => ({ deleted: deleteRefresh(store, scoped(request)) }),
  }
}

function toStatus({
  scope,
  name,
  value,
}: RefreshRecord): MessageInitShape<typeof ProviderCredentialRefreshStatusSchema> {
  return {
    providerName: value.providerName,
    providerId: scope,
    credentialKey: name,
    strategy: wireNumberOf(value.strategy),
    status: value.status,
    expiresAtMs: BigInt(value.expiresAtMs),
    nextRefreshAtMs: BigInt(value.nextRefreshAtMs),
    lastRefreshAtMs: BigInt(value.lastRefreshAtMs),
    lastError: value.lastError,
  }
}
