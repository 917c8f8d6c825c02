import type { ServiceHealth } from '../model/gateway-info.js'

const STATES: readonly ServiceHealth[] = ['unspecified', 'healthy', 'degraded', 'unhealthy']

/** Names a `ServiceStatus`, whose numbers are the same on both lines. */
export function toServiceHealth(status: number): ServiceHealth {
  return STATES[status] ?? 'unrecognized'
}
