import { Inference } from '@openshell-ts/protocol/v0-0'
import { notFound, permissionDenied } from '../../errors/status-error.js'
import { deleteRoute, getRoute, resolveRoutes, setRoute } from '../../inference/inference-routes.js'
import type { InferenceRouteRecord } from '../../records/inference-route.js'
import { type ServedService, serveService } from '../../server/grpc-listener.js'
import { resolveOpenWorkspace, resolveWorkspace } from '../../workspaces/workspace-scope.js'
import type { ApiContext } from '../api-context.js'
import { toNumber } from './to-number.js'

/** Where requests for models go: for clients, and with keys for supervisors. */
export function inferenceService({ store }: ApiContext): ServedService {
  return serveService(Inference, {
    setInferenceRoute: async (request) => {
      const workspace = resolveOpenWorkspace(store.workspaces, request.workspace)
      const { record, verified } = await setRoute(store, {
        ...request,
        workspace,
        timeoutSeconds: toNumber(request.timeoutSecs),
        verify: !request.noVerify,
      })
      return {
        ...toRoute(record),
        validationPerformed: verified.length > 0,
        validatedEndpoints: verified.map((endpoint) => ({ ...endpoint })),
      }
    },
    getInferenceRoute: ({ workspace, routeName }) =>
      toRoute(getRoute(store, resolveWorkspace(store.workspaces, workspace), routeName)),
    deleteInferenceRoute: ({ workspace, routeName }) => ({
      deleted: deleteRoute(store, resolveWorkspace(store.workspaces, workspace), routeName),
    }),
    getInferenceBundle: (_request, { principal }) => {
      if (principal.type !== 'sandbox') throw permissionDenied('this method requires a sandbox principal')
      const row = store.sandboxes.get(principal.sandboxId)
      if (!row) throw notFound('sandbox not found')
      const { routes, revision } = resolveRoutes(store, row.workspace)
      return {
        routes: routes.map(({ record, protocols, ...endpoint }) => ({
          ...endpoint,
          name: record.name,
          modelId: record.value.modelId,
          timeoutSecs: BigInt(record.value.timeoutSeconds),
          protocols: [...protocols],
        })),
        revision,
        generatedAtMs: BigInt(store.now()),
      }
    },
  })
}

function toRoute({ scope, name, value }: InferenceRouteRecord) {
  return {
    providerName: value.providerName,
    modelId: value.modelId,
    version: BigInt(value.version),
    routeName: name,
    timeoutSecs: BigInt(value.timeoutSeconds),
    workspace: scope,
  }
}
