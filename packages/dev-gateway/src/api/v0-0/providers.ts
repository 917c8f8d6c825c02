import type { OpenShell, Provider } from '@openshell-ts/protocol/v0-0'
import { invalidArgument } from '../../errors/status-error.js'
import type { NewProvider } from '../../providers/providers.js'
import { createProvider, deleteProvider, getProvider, updateProvider } from '../../providers/providers.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { resolveOpenWorkspace, resolveWorkspace } from '../../workspaces/workspace-scope.js'
import type { ApiContext } from '../api-context.js'
import { pageOf } from './page-of.js'
import { toNumbers, toProvider } from './to-provider.js'

/** What a client can do with providers. */
export function providerHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store } = context
  return {
    createProvider: async ({ workspace, provider }) => {
      const scope = resolveOpenWorkspace(store.workspaces, workspace)
      if (!provider) throw invalidArgument('provider is required')
      return { provider: toProvider(await createProvider(context, scope, fromProvider(provider))) }
    },
    getProvider: ({ workspace, name }) => ({
      provider: toProvider(getProvider(store, resolveWorkspace(store.workspaces, workspace), name)),
    }),
    listProviders: (request) => {
      if (request.allWorkspaces && request.workspace !== '') {
        throw invalidArgument('all_workspaces and workspace are mutually exclusive')
      }
      const scope = request.allWorkspaces ? undefined : resolveWorkspace(store.workspaces, request.workspace)
      return { providers: pageOf(store.providers.list(scope), request).map(toProvider) }
    },
    updateProvider: async ({ workspace, provider, credentialExpiresAtMs }) => {
      const scope = resolveWorkspace(store.workspaces, workspace)
      if (!provider) throw invalidArgument('provider is required')
      const update = fromProvider(provider)
      const record = await updateProvider(context, scope, {
        ...update,
        credentialExpiresAtMs: { ...update.credentialExpiresAtMs, ...toNumbers(credentialExpiresAtMs) },
        expectedResourceVersion: provider.metadata?.resourceVersion ?? 0n,
      })
      return { provider: toProvider(record) }
    },
    deleteProvider: ({ workspace, name }) => ({
      deleted: deleteProvider(store, resolveWorkspace(store.workspaces, workspace), name),
    }),
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
    credentialExpiresAtMs: toNumbers(provider.credentialExpiresAtMs),
    profileWorkspace: provider.profileWorkspace,
    hasCredentialHandles: Object.keys(provider.credentialHandles).length > 0,
  }
}
