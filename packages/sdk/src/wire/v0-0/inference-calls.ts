import type { Client } from '@connectrpc/connect'
import type { GetInferenceRouteResponse, Inference, SetInferenceRouteResponse } from '@openshell-ts/protocol/v0-0'
import type { InferenceRouteInfo } from '../../model/inference-route.js'
import type { InferenceCalls } from '../inference-calls.js'
import { toCallOptions } from './open-shell-client.js'

export function inferenceCalls(client: Client<typeof Inference>): InferenceCalls {
  return {
    async set(address, { providerName, modelId, timeoutMs = 0, verify = true }, call) {
      const request = {
        ...address,
        providerName,
        modelId,
        timeoutSecs: BigInt(Math.ceil(timeoutMs / 1000)),
        verify,
        noVerify: !verify,
      }
      const reply = await client.setInferenceRoute(request, toCallOptions(call))
      return {
        ...toRoute(reply),
        verifiedEndpoints: reply.validatedEndpoints.map(({ url, protocol }) => ({ url, protocol })),
      }
    },
    async get(address, call) {
      return toRoute(await client.getInferenceRoute(address, toCallOptions(call)))
    },
    async delete(address, call) {
      const { deleted } = await client.deleteInferenceRoute(address, toCallOptions(call))
      return { outcome: deleted ? 'completed' : 'absent' }
    },
  }
}

function toRoute(reply: GetInferenceRouteResponse | SetInferenceRouteResponse): InferenceRouteInfo {
  return {
    name: reply.routeName,
    workspace: reply.workspace,
    providerName: reply.providerName,
    modelId: reply.modelId,
    timeoutMs: Number(reply.timeoutSecs) * 1000,
    version: Number(reply.version),
  }
}
