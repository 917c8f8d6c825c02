import { ExtensionKind, type OpenShell, ServiceStatus } from '@openshell-ts/protocol/v0-1'
import type { UserPrincipal } from '../../auth/principal.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import type { ApiContext } from '../api-context.js'

/** What a client can ask about the gateway itself. */
export function gatewayInfoHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    health: () => ({ status: ServiceStatus.HEALTHY, version: context.version }),
    getCurrentUser: (_request, { principal }) => (principal.type === 'user' ? toCurrentUser(principal) : {}),
    getGatewayInfo: () => ({
      status: ServiceStatus.HEALTHY,
      gatewayVersion: context.version,
      computeDrivers: [{ name: context.driverName, capabilities: toCapabilities(context) }],
      extensions: toExtensions(context),
    }),
  }
}

function toCurrentUser({ subject, displayName, roles, scopes, identityProvider }: UserPrincipal) {
  return { subject, displayName, roles: [...roles], scopes: [...scopes], identityProvider }
}

function toCapabilities({ capabilities }: ApiContext) {
  const { driverName, driverVersion, resourceCapabilities } = capabilities
  const { cpu, memory, gpu } = resourceCapabilities ?? {}
  const resources = {
    ...(cpu && { cpu: { limitSupported: cpu.limitSupported } }),
    ...(memory && { memory: { limitSupported: memory.limitSupported } }),
    ...(gpu && {
      gpu: {
        defaultSelectionSupported: gpu.defaultSelectionSupported,
        countSelectionSupported: gpu.countSelectionSupported,
      },
    }),
  }
  return { driverName, driverVersion, ...(resourceCapabilities && { resourceCapabilities: resources }) }
}

function toExtensions({ capabilities: { extension }, driverName }: ApiContext) {
  if (!extension) return []
  const { implementationName, implementationVersion, protocolVersion } = extension
  return [
    {
      kind: ExtensionKind.COMPUTE_DRIVER,
      configuredName: driverName,
      implementationName,
      implementationVersion,
      protocolMajor: protocolVersion?.major ?? 0,
      protocolMinor: protocolVersion?.minor ?? 0,
      supportedCapabilities: extension.supportedCapabilities,
      requiredCapabilities: extension.requiredCapabilities,
    },
  ]
}
