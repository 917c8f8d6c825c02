import type { ServiceEndpointResponse } from '@openshell-ts/protocol/v0-1'
import type { ServiceAuthorization, ServiceInfo } from '../../model/service-info.js'
import { SERVICE_AUTHORIZATIONS, wordOf } from '../enum-words.js'
import type { ServiceAddress, ServiceCalls } from '../service-calls.js'
import { toDeletionOutcome } from './deletion-outcome.js'
import { listScope } from './list-scope.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { toRecordInfo } from './record-info.js'
import { workspaceScope } from './workspace-scope.js'

export function serviceCalls(client: OpenShellServiceClient): ServiceCalls {
  return {
    async expose(address, { targetPort, authorization }, call) {
      const request = {
        ...toReference(address),
        targetPort,
        domain: true,
        authorizationMode: toAuthorizationMode(authorization),
        requestId: call.requestId ?? '',
      }
      return toServiceInfo(await client.exposeService(request, toCallOptions(call)))
    },
    async get(address, call) {
      return toServiceInfo(await client.getService(toReference(address), toCallOptions(call)))
    },
    async list({ scope, sandboxName, pageSize, pageToken }, call) {
      const request = { workspaceScope: listScope(scope), sandbox: sandboxName, pageSize, pageToken }
      const { services, nextPageToken } = await client.listServices(request, toCallOptions(call))
      return { items: services.map(toServiceInfo), nextPageToken }
    },
    async delete(address, call) {
      const request = { ...toReference(address), allowMissing: true, requestId: call.requestId ?? '' }
      const { outcome } = await client.deleteService(request, toCallOptions(call))
      return { outcome: toDeletionOutcome(outcome) }
    },
  }
}

/** Writes what becomes of the `authorization` header; absent leaves it to the gateway. */
export function toAuthorizationMode(authorization: ServiceAuthorization | undefined): number {
  return SERVICE_AUTHORIZATIONS.indexOf(authorization ?? 'unspecified')
}

function toReference({ workspace, sandboxName, name }: ServiceAddress) {
  return { workspaceScope: workspaceScope(workspace), sandbox: sandboxName, name }
}

function toServiceInfo({ endpoint, url }: ServiceEndpointResponse): ServiceInfo {
  return {
    ...toRecordInfo(endpoint?.metadata),
    name: endpoint?.name ?? '',
    sandboxId: endpoint?.sandboxId ?? '',
    sandboxName: endpoint?.sandbox ?? '',
    targetPort: endpoint?.targetPort ?? 0,
    url,
    authorization: wordOf(SERVICE_AUTHORIZATIONS, endpoint?.authorizationMode ?? 0),
  }
}
