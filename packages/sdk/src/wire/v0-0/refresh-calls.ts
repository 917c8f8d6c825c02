import type { ProviderCredentialRefreshStatus } from '@openshell-ts/protocol/v0-0'
import type { RefreshStatus } from '../../model/refresh-status.js'
import { REFRESH_STRATEGIES } from '../enum-words.js'
import type { CredentialAddress, RefreshCalls } from '../refresh-calls.js'
import { readRefreshStatus } from '../refresh-status.js'
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
  return readRefreshStatus(status, status.providerName, {
    expiresAt: toDate(status.expiresAtMs),
    nextRefreshAt: toDate(status.nextRefreshAtMs),
    lastRefreshAt: toDate(status.lastRefreshAtMs),
    lastErrorAt: toDate(status.lastErrorAtMs),
  })
}
