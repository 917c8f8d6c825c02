import type { ProviderCredentialRefreshStatus } from '@openshell-ts/protocol/v0-0'
import type { RefreshStatus } from '../../providers/refresh-status.js'
import { RECOVERY_ACTIONS, REFRESH_STRATEGIES, wordOf } from '../enum-words.js'
import type { CredentialAddress, RefreshCalls } from '../refresh-calls.js'
import { requiredPart } from '../required-part.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { toDate } from './record-info.js'

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
        ...(expiresAt ? { expiresAtMs: BigInt(expiresAt.getTime()) } : {}),
      }
      const { status } = await client.configureProviderRefresh(request, toCallOptions(call))
      return toStatus(requiredPart(status, 'status'))
    },
    async rotate(address, call) {
      const { status } = await client.rotateProviderCredential(toReference(address), toCallOptions(call))
      return toStatus(requiredPart(status, 'status'))
    },
    async delete(address, call) {
      const { deleted } = await client.deleteProviderRefresh(toReference(address), toCallOptions(call))
      return { outcome: deleted ? 'completed' : 'absent' }
    },
  }
}

function toReference({ workspace, provider, credentialName }: CredentialAddress) {
  return { workspace, provider, credentialKey: credentialName }
}

function toStatus(status: ProviderCredentialRefreshStatus): RefreshStatus {
  const expiresAt = toDate(status.expiresAtMs)
  const nextRefreshAt = toDate(status.nextRefreshAtMs)
  const lastRefreshAt = toDate(status.lastRefreshAtMs)
  const lastErrorAt = toDate(status.lastErrorAtMs)
  return {
    providerName: status.providerName,
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
