import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  type OpenShell,
  ServiceAuthorizationMode,
  type ServiceEndpointResponseSchema,
} from '@openshell-ts/protocol/v0-1'
import type { ExposedServiceRecord } from '../../records/exposed-service.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import {
  checkHostPart,
  checkServiceReference,
  checkTargetPort,
  deleteService,
  exposeService,
  getService,
  listServices,
  serviceUrl,
} from '../../services/services.js'
import type { ApiContext } from '../api-context.js'
import { deletionOutcome } from './deletion.js'
import { findSandbox } from './find-sandbox.js'
import { pageOf } from './page-of.js'
import { toMetadata } from './to-metadata.js'
import { listScopeOf, openScopeOf, scopeOf } from './workspace-scope.js'

/** The URLs of sandboxes' ports. */
export function exposedServiceHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store, address } = context
  const toResponse = (record: ExposedServiceRecord): MessageInitShape<typeof ServiceEndpointResponseSchema> => ({
    endpoint: toEndpoint(record),
    url: serviceUrl(record, address),
  })
  return {
    exposeService: ({ workspaceScope, sandbox, name, targetPort, authorizationMode }) => {
      checkServiceReference({ sandbox, service: name })
      checkTargetPort(targetPort)
      openScopeOf(store.workspaces, workspaceScope)
      const row = findSandbox(context, workspaceScope, sandbox)
      const passesAuthorization = authorizationMode === ServiceAuthorizationMode.BEARER_PASSTHROUGH
      return toResponse(exposeService(store, row, name, targetPort, { passesAuthorization }))
    },
    getService: ({ workspaceScope, sandbox, name }) => {
      const reference = { sandbox, service: name }
      checkServiceReference(reference)
      return toResponse(getService(store, scopeOf(store.workspaces, workspaceScope), reference))
    },
    listServices: (request) => {
      if (request.sandbox !== '') checkHostPart('sandbox', request.sandbox)
      const records = listServices(store, listScopeOf(store.workspaces, request.workspaceScope), request.sandbox)
      const { items, nextPageToken } = pageOf(records, request, store)
      return { services: items.map(toResponse), nextPageToken }
    },
    deleteService: ({ workspaceScope, sandbox, name, allowMissing }) => {
      const reference = { sandbox, service: name }
      checkServiceReference(reference)
      const deleted = deleteService(store, scopeOf(store.workspaces, workspaceScope), reference)
      return { outcome: deletionOutcome(deleted, allowMissing, 'service endpoint not found') }
    },
  }
}

function toEndpoint(record: ExposedServiceRecord) {
  const { sandboxId, sandboxName, serviceName, targetPort, passesAuthorization = false } = record.value
  const mode = passesAuthorization ? ServiceAuthorizationMode.BEARER_PASSTHROUGH : ServiceAuthorizationMode.STRIP
  return {
    metadata: { ...toMetadata(record), labels: { sandbox: sandboxName } },
    sandboxId,
    sandbox: sandboxName,
    name: serviceName,
    targetPort,
    domain: true,
    authorizationMode: mode,
  }
}
