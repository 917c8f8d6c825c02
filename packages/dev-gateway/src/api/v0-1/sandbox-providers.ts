import type { OpenShell } from '@openshell-ts/protocol/v0-1'
import { requireProviders } from '../../providers/provider-environment.js'
import { attachProvider, detachProvider } from '../../providers/sandbox-providers.js'
import { addReceipt } from '../../receipts/provider-receipts.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import type { ApiContext } from '../api-context.js'
import { findSandbox } from './find-sandbox.js'
import { pageOf } from './page-of.js'
import { toProvider } from './to-provider.js'
import { toReceipt } from './to-receipt.js'
import { toSandbox } from './to-sandbox.js'
import { openScopeOf } from './workspace-scope.js'

/** What a client can do with the providers of a sandbox. */
export function sandboxProviderHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store } = context
  const emptyText = 'sandbox is required'
  return {
    listSandboxProviders: (request) => {
      const { workspace, spec } = findSandbox(context, request.workspaceScope, request.sandbox, emptyText)
      const { items, nextPageToken } = pageOf(requireProviders(store, workspace, spec.providers), request, store)
      return { providers: items.map(toProvider), nextPageToken }
    },
    attachSandboxProvider: (request) => {
      openScopeOf(store.workspaces, request.workspaceScope)
      const sandbox = findSandbox(context, request.workspaceScope, request.sandbox, emptyText)
      const { row, changed } = attachProvider(store, sandbox, request)
      const receipt = addReceipt(store, row, { kind: 'attach', provider: request.provider })
      return { sandbox: toSandbox(row), attached: changed, receipt: toReceipt(receipt) }
    },
    detachSandboxProvider: (request) => {
      const sandbox = findSandbox(context, request.workspaceScope, request.sandbox, emptyText)
      const { row, changed } = detachProvider(store, sandbox, request)
      const receipt = addReceipt(store, row, { kind: 'detach', provider: request.provider })
      return { sandbox: toSandbox(row), detached: changed, receipt: toReceipt(receipt) }
    },
  }
}
