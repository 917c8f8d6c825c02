import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import type { ProviderCredentialRefreshStatus } from '@openshell-ts/protocol/v0-1'
import type { RefreshStatus } from '../../providers/refresh-status.js'
import { RECOVERY_ACTIONS, REFRESH_STRATEGIES, wordOf } from '../enum-words.js'
import type { CredentialAddress, RefreshCalls } from '../refresh-calls.js'
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
  const expiresAt = toDate(status.expirationTime)
  const nextRefreshAt = toDate(status.nextRefreshTime)
  const lastRefreshAt = toDate(status.lastRefreshTime)
  const lastErrorAt = toDate(status.lastErrorTime)
  return {
    providerName: status.provider,
    providerId: status.providerId,
    credentialName: status.credentialKey,
    strategy: wordOf(REFRESH_STRATEGIES, status.strategy),
    status: status.status,
    ...(expiresAt ? { expiresAt } : {}),
    ...(nextRefreshAt ? { nextRefreshAt } : {}),
    ...(lastRefreshAt ? { lastRefreshAt } : {}),
    lastError: status.lastError,
    ...(lastErrorAt ? { lastErrorAt } : {}),
    recoveryAction: wordOf(RECOVERY_ACTIONS, status.recoveryAction),
    failureCode: status.failureCode,
  }
}
