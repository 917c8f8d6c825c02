import { type OpenShell, ServiceStatus } from '@openshell-ts/protocol/v0-0'
import type { MethodHandlers } from '../../server/method-handlers.js'
import type { ApiContext } from './api-context.js'

/** What a client can ask about the gateway itself. */
export function gatewayInfoHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    health: () => ({ status: ServiceStatus.HEALTHY, version: context.version }),
    getCurrentUser: () => ({
      subject: 'unauthenticated-local-dev',
      displayName: 'Unauthenticated Local Dev',
      roles: ['openshell-user', 'openshell-admin'],
      scopes: ['openshell:all'],
      identityProvider: 'local_dev',
    }),
    getGatewayInfo: () => ({
      status: ServiceStatus.HEALTHY,
      gatewayVersion: context.version,
      computeDrivers: [{ name: context.driverName, capabilities: context.driverInfo }],
    }),
  }
}
