import type { MessageInitShape } from '@bufbuild/protobuf'
import type { OpenShell, ServiceEndpointResponseSchema } from '@openshell-ts/protocol/v0-0'
import { invalidArgument } from '../../errors/status-error.js'
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
import { resolveOpenWorkspace, resolveWorkspace } from '../../workspaces/workspace-scope.js'
import type { ApiContext } from '../api-context.js'
import { findSandbox } from './find-sandbox.js'
import { pageOf } from './page-of.js'
import { toMetadata } from './to-metadata.js'

/** The URLs of sandboxes' ports. */
export function exposedServiceHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store, address } = context
  const toResponse = (record: ExposedServiceRecord): MessageInitShape<typeof ServiceEndpointResponseSchema> => ({
    endpoint: {
      ...record.value,
      metadata: { ...toMetadata(record), labels: { sandbox: record.value.sandboxName } },
      domain: true,
    },
    url: serviceUrl(record, address),
  })
  return {
    exposeService: (request) => {
      checkServiceReference(request)
      checkTargetPort(request.targetPort)
      const workspace = resolveOpenWorkspace(store.workspaces, request.workspace)
      const row = findSandbox(context, { name: request.sandbox, workspace })
      return toResponse(exposeService(store, row, request.service, request.targetPort))
    },
    getService: (request) => {
      checkServiceReference(request)
      return toResponse(getService(store, resolveWorkspace(store.workspaces, request.workspace), request))
    },
    listServices: (request) => {
      if (request.allWorkspaces && request.workspace !== '') {
        throw invalidArgument('all_workspaces and workspace are mutually exclusive')
      }
      if (request.sandbox !== '') checkHostPart('sandbox', request.sandbox)
      const workspace = request.allWorkspaces ? undefined : resolveWorkspace(store.workspaces, request.workspace)
      return { services: pageOf(listServices(store, workspace, request.sandbox), request).map(toResponse) }
    },
    deleteService: (request) => {
      checkServiceReference(request)
      const workspace = resolveWorkspace(store.workspaces, request.workspace)
      return { deleted: deleteService(store, workspace, request) }
    },
  }
}
