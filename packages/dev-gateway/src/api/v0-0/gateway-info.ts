import { type OpenShell, ServiceStatus } from '@openshell-ts/protocol/v0-0'
import type { UserPrincipal } from '../../auth/principal.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import type { ApiContext } from '../api-context.js'

/** What a client can ask about the gateway itself. */
export function gatewayInfoHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { driverName, driverVersion } = context.capabilities
  return {
    health: () => ({ status: ServiceStatus.HEALTHY, version: context.version }),
    getCurrentUser: (_request, { principal }) => (principal.type === 'user' ? toCurrentUser(principal) : {}),
    getGatewayInfo: () => ({
      status: ServiceStatus.HEALTHY,
      gatewayVersion: context.version,
      computeDrivers: [{ name: context.driverName, capabilities: { driverName, driverVersion } }],
    }),
  }
}

function toCurrentUser({ subject, displayName, roles, scopes, identityProvider }: UserPrincipal) {
  return { subject, displayName, roles: [...roles], scopes: [...scopes], identityProvider }
}
