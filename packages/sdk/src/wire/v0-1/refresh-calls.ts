import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import type { ProviderCredentialRefreshStatus } from '@openshell-ts/protocol/v0-1'
import type { RefreshStatus } from '../../model/refresh-status.js'
import { REFRESH_STRATEGIES } from '../enum-words.js'
import type { CredentialAddress, RefreshCalls } from '../refresh-calls.js'
import { readRefreshStatus } from '../refresh-status.js'
import { requiredPart } from '../required-part.js'
import { toDeletionOutcome } from './deletion-outcome.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { toDate } from './to-date.js'
import { workspaceScope } from './workspace-scope.js'

export function refreshCalls(client: OpenShellServiceClient): RefreshCalls {
  return {
    async status(address, call) {
      const { credentials } = await client.getProviderRefreshStatus(toReference(address), toCallOptions(call))
      return credentials.map(toStatus)
    },
    async configure(address, { strategy, material = {}, secretMaterialNames = [], expiresAt }, call) {
      const request = {
        ...toReference(address),
        strategy: REFRESH_STRATEGIES.indexOf(strategy),
        material: { ...material },
        secretMaterialKeys: [...secretMaterialNames],
        ...(expiresAt ? { expirationTime: timestampFromDate(expiresAt) } : {}),
        requestId: call.requestId ?? '',
      }
      const { status } = await client.configureProviderRefresh(request, toCallOptions(call))
      return toStatus(requiredPart(status, 'status'))
    },
    async rotate(address, call) {
      const request = { ...toReference(address), requestId: call.requestId ?? '' }
      const { status } = await client.rotateProviderCredential(request, toCallOptions(call))
      return toStatus(requiredPart(status, 'status'))
    },
    async delete(address, call) {
      const request = { ...toReference(address), allowMissing: true, requestId: call.requestId ?? '' }
      const { outcome } = await client.deleteProviderRefresh(request, toCallOptions(call))
      return { outcome: toDeletionOutcome(outcome) }
    },
  }
}

function toReference({ workspace, provider, credentialName }: CredentialAddress) {
  return { workspaceScope: workspaceScope(workspace), provider, credentialKey: credentialName }
}

function toStatus(status: ProviderCredentialRefreshStatus): RefreshStatus {
  return readRefreshStatus(status, status.provider, {
    expiresAt: toDate(status.expirationTime),
    nextRefreshAt: toDate(status.nextRefreshTime),
    lastRefreshAt: toDate(status.lastRefreshTime),
    lastErrorAt: toDate(status.lastErrorTime),
  })
}
