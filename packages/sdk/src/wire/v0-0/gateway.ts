import type { CurrentUser, GatewayHealth, GatewayInfo } from '../../gateway-info.js'
import { toServiceHealth } from '../service-health.js'
import type { WireCall } from '../wire-codec.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'

export async function health(client: OpenShellServiceClient, call: WireCall): Promise<GatewayHealth> {
  const { status, version } = await client.health({}, toCallOptions(call))
  return { status: toServiceHealth(status), version }
}

export async function currentUser(client: OpenShellServiceClient, call: WireCall): Promise<CurrentUser> {
  const { subject, displayName, roles, scopes, identityProvider } = await client.getCurrentUser({}, toCallOptions(call))
  return { subject, displayName, roles, scopes, identityProvider }
}

export async function gatewayInfo(client: OpenShellServiceClient, call: WireCall): Promise<GatewayInfo> {
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
}
