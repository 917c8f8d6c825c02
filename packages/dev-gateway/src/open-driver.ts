import type { ApiContext } from './api/api-context.js'
import { systemClock } from './clock/gateway-clock.js'
import { connectDriver, type DriverClient } from './compute/driver-client.js'
import { GatewayStartError } from './errors/gateway-start-error.js'
import type { DevGatewayDriver, DevGatewayOptions, DevGatewayTimings } from './gateway-options.js'
import { SimulatedCompute } from './simulated-driver/simulated-compute.js'
import type { SimulatedDriver } from './simulated-driver/simulated-driver.js'

/** A driver that can be called. */
export interface OpenDriver extends DriverClient {
  /** Gives the gateway to a driver that lives inside it, before anything else is asked. */
  attach?(gateway: ApiContext): void
}

/** Connects to a driver behind a socket; one inside the process is there already. */
export function openDriver(
  driver: DevGatewayDriver | SimulatedDriver,
  timings: Required<DevGatewayTimings>,
  { clock = systemClock }: Pick<DevGatewayOptions, 'clock'>,
): Promise<OpenDriver> {
  if (driver instanceof SimulatedCompute) return Promise.resolve(driver)
  const { socketPath } = driver as DevGatewayDriver
  if (typeof socketPath !== 'string') {
    const text = 'A driver without socketPath must be one that createSimulatedDriver made.'
    return Promise.reject(new GatewayStartError('configuration', text))
  }
  return connectDriver({
    socketPath,
    timeoutMs: timings.driverConnectTimeoutMs,
    retryMs: timings.driverConnectRetryMs,
    clock,
  })
}
