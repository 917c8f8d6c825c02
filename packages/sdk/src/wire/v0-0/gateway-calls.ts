import type { GatewayCalls } from '../gateway-calls.js'
import { toServiceHealth } from '../service-health.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'

export function gatewayCalls(client: OpenShellServiceClient): GatewayCalls {
  return {
    async health(call) {
      const { status, version } = await client.health({}, toCallOptions(call))
      return { status: toServiceHealth(status), version }
    },
    async currentUser(call) {
      const user = await client.getCurrentUser({}, toCallOptions(call))
      const { subject, displayName, roles, scopes, identityProvider } = user
      return { subject, displayName, roles, scopes, identityProvider }
    },
    async info(call) {
      const { status, gatewayVersion, computeDrivers } = await client.getGatewayInfo({}, toCallOptions(call))
      return {
        status: toServiceHealth(status),
        version: gatewayVersion,
        computeDrivers: computeDrivers.map(({ name, capabilities }) => ({
          name,
          driverName: capabilities?.driverName ?? '',
          driverVersion: capabilities?.driverVersion ?? '',
        })),
      }
    },
  }
}
