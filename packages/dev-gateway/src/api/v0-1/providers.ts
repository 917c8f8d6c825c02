import { randomUUID } from 'node:crypto'
import type { OpenShell, Provider } from '@openshell-ts/protocol/v0-1'
import { parseLabelSelector } from '../../checks/label-selector.js'
import { invalidArgument } from '../../errors/status-error.js'
import type { NewProvider } from '../../providers/providers.js'
import { createProvider, deleteProvider, getProvider, updateProvider } from '../../providers/providers.js'
import { addUpdateReceipts } from '../../receipts/provider-receipts.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import type { ApiContext } from '../api-context.js'
import { deletionOutcome } from './deletion.js'
import { pageOf } from './page-of.js'
import { toNumbers, toProvider } from './to-provider.js'
import { toReceipt } from './to-receipt.js'
import { listScopeOf, openScopeOf, scopeOf } from './workspace-scope.js'

const expirationField = 'provider.credential_expiration_times'

/** What a client can do with providers. */
export function providerHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store } = context
  return {
    createProvider: async ({ workspaceScope, provider }) => {
      const scope = openScopeOf(store.workspaces, workspaceScope)
      if (!provider) throw invalidArgument('provider is required')
      return { provider: toProvider(await createProvider(context, scope, fromProvider(provider))) }
    },
    getProvider: ({ workspaceScope, name }) => ({
      provider: toProvider(getProvider(store, scopeOf(store.workspaces, workspaceScope), name)),
    }),
    listProviders: (request) => {
      const scope = listScopeOf(store.workspaces, request.workspaceScope)
      const matches = parseLabelSelector(request.labelSelector)
      const records = store.providers.list(scope).filter(({ value }) => matches(value.labels))
      const { items, nextPageToken } = pageOf(records, request, store)
      return { providers: items.map(toProvider), nextPageToken }
    },
    updateProvider: async (request) => {
      const scope = scopeOf(store.workspaces, request.workspaceScope)
      const { provider, credentialExpirationTimes, clearCredentialExpirationKeys } = request
      if (!provider) throw invalidArgument('provider is required')
      const update = fromProvider(provider)
      const cleared = Object.fromEntries(clearCredentialExpirationKeys.map((key) => [key, 0]))
      const record = await updateProvider(context, scope, {
        ...update,
        credentialExpiresAtMs: {
          ...update.credentialExpiresAtMs,
          ...toNumbers('credential_expiration_times', credentialExpirationTimes),
          ...cleared,
        },
        expectedResourceVersion: provider.metadata?.resourceVersion ?? 0n,
      })
      const mutationId = randomUUID()
      const receipts = addUpdateReceipts(store, scope, record.name, mutationId)
      return { provider: toProvider(record), targetReceipts: receipts.map(toReceipt), mutationId }
    },
    deleteProvider: ({ workspaceScope, name, allowMissing }) => {
      const deleted = deleteProvider(store, scopeOf(store.workspaces, workspaceScope), name)
      return { outcome: deletionOutcome(deleted, allowMissing, 'provider not found') }
    },
  }
}

function fromProvider(provider: Provider): NewProvider {
  return {
    name: provider.metadata?.name ?? '',
    labels: provider.metadata?.labels ?? {},
    annotations: provider.metadata?.annotations ?? {},
    type: provider.type,
    credentials: provider.credentials,
    config: provider.config,
    credentialExpiresAtMs: toNumbers(expirationField, provider.credentialExpirationTimes),
    profileWorkspace: provider.profileWorkspace,
    hasCredentialHandles: Object.keys(provider.credentialHandles).length > 0,
  }
}
