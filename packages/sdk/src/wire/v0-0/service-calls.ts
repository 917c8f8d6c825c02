import type { ServiceEndpointResponse } from '@openshell-ts/protocol/v0-0'
import type { ServiceInfo } from '../../model/service-info.js'
import type { ServiceAddress, ServiceCalls } from '../service-calls.js'
import { needsLine01 } from '../unsupported.js'
import { toOffset, toPage } from './offset-page.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { toRecordInfo } from './record-info.js'

export function serviceCalls(client: OpenShellServiceClient): ServiceCalls {
  return {
    async expose(address, { targetPort, authorization }, call) {
      if (authorization !== undefined) needsLine01('Choosing the authorization of a service')
      const request = { ...toReference(address), targetPort, domain: true }
      return toServiceInfo(await client.exposeService(request, toCallOptions(call)))
    },
    async get(address, call) {
      return toServiceInfo(await client.getService(toReference(address), toCallOptions(call)))
    },
    async list({ scope, sandboxName, ...page }, call) {
      const request = { ...scope, sandbox: sandboxName, ...toOffset(page) }
      const { services } = await client.listServices(request, toCallOptions(call))
      return toPage(services, page, toServiceInfo)
    },
    async delete(address, call) {
      const { deleted } = await client.deleteService(toReference(address), toCallOptions(call))
      return { outcome: deleted ? 'completed' : 'absent' }
    },
  }
}

function toReference({ workspace, sandboxName, name }: ServiceAddress) {
  return { workspace, sandbox: sandboxName, service: name }
}

function toServiceInfo({ endpoint, url }: ServiceEndpointResponse): ServiceInfo {
  return {
    ...toRecordInfo(endpoint?.metadata),
    name: endpoint?.serviceName ?? '',
    sandboxId: endpoint?.sandboxId ?? '',
    sandboxName: endpoint?.sandboxName ?? '',
    targetPort: endpoint?.targetPort ?? 0,
    url,
  }
}
