import type { OpenShell } from '@openshell-ts/protocol/v0-0'
import { requireProviders } from '../../providers/provider-environment.js'
import { attachProvider, detachProvider } from '../../providers/sandbox-providers.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { resolveOpenWorkspace } from '../../workspaces/workspace-scope.js'
import type { ApiContext } from '../api-context.js'
import { findSandbox } from './find-sandbox.js'
import { toProvider } from './to-provider.js'
import { toSandbox } from './to-sandbox.js'

/** What a client can do with the providers of a sandbox. */
export function sandboxProviderHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store } = context
  const rowOf = ({ sandboxName, workspace }: { readonly sandboxName: string; readonly workspace: string }) =>
    findSandbox(context, { name: sandboxName, workspace }, 'sandbox_name is required')
  return {
    listSandboxProviders: (request) => {
      const { workspace, spec } = rowOf(request)
      return { providers: requireProviders(store, workspace, spec.providers).map(toProvider) }
    },
    attachSandboxProvider: (request) => {
      resolveOpenWorkspace(store.workspaces, request.workspace)
      const { providerName: provider, expectedResourceVersion } = request
      const { row, changed } = attachProvider(store, rowOf(request), { provider, expectedResourceVersion })
      return { sandbox: toSandbox(row), attached: changed }
    },
    detachSandboxProvider: (request) => {
      const { providerName: provider, expectedResourceVersion } = request
      const { row, changed } = detachProvider(store, rowOf(request), { provider, expectedResourceVersion })
      return { sandbox: toSandbox(row), detached: changed }
    },
  }
}
