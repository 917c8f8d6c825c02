import { systemClock } from '../clock/gateway-clock.js'
import { connectDriver, type DriverClient } from '../driver/driver-client.js'
import { GatewayStartError } from '../errors/gateway-start-error.js'
import { SimulatedCompute } from '../simulated-driver/simulated-compute.js'
import type { SimulatedDriver } from '../simulated-driver/simulated-driver.js'
import type { DevGatewayDriver, DevGatewayOptions, DevGatewayTimings } from './gateway-options.js'

/** Connects to a driver behind a socket; one inside the process is there already. */
export function openDriver(
  driver: DevGatewayDriver | SimulatedDriver,
  timings: Required<DevGatewayTimings>,
  { clock = systemClock }: Pick<DevGatewayOptions, 'clock'>,
): Promise<DriverClient> {
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
