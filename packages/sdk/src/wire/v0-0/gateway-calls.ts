import type { GatewayCalls } from '../gateway-calls.js'
import { toCurrentUser, toGatewayHealth, toGatewayInfo } from '../gateway-replies.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'

export function gatewayCalls(client: OpenShellServiceClient): GatewayCalls {
  return {
    async health(call) {
      return toGatewayHealth(await client.health({}, toCallOptions(call)))
    },
    async currentUser(call) {
      return toCurrentUser(await client.getCurrentUser({}, toCallOptions(call)))
    },
    async info(call) {
      return { ...toGatewayInfo(await client.getGatewayInfo({}, toCallOptions(call))), extensions: [] }
    },
  }
}
