import type { CurrentUser, GatewayHealth, GatewayInfo } from '../model/gateway-info.js'
import { toServiceHealth } from './service-health.js'

interface WireGatewayInfo {
  readonly status: number
  readonly gatewayVersion: string
  readonly computeDrivers: readonly {
    readonly name: string
    readonly capabilities?: { readonly driverName: string; readonly driverVersion: string } | undefined
  }[]
}

/** Reads a reply of `Health`; both lines write it alike. */
export function toGatewayHealth({ status, version }: { status: number; version: string }): GatewayHealth {
  return { status: toServiceHealth(status), version }
}

/** Reads a reply of `GetCurrentUser`; both lines write it alike. */
export function toCurrentUser({ subject, displayName, roles, scopes, identityProvider }: CurrentUser): CurrentUser {
  return { subject, displayName, roles: [...roles], scopes: [...scopes], identityProvider }
}

/** Reads what both lines say in a reply of `GetGatewayInfo`. */
export function toGatewayInfo({
  status,
  gatewayVersion,
  computeDrivers,
}: WireGatewayInfo): Omit<GatewayInfo, 'extensions'> {
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
