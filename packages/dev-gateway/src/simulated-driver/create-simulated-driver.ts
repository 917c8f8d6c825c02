import { SimulatedCompute } from './simulated-compute.js'
import type { SimulatedDriver, SimulatedDriverOptions } from './simulated-driver.js'

/** Makes a driver for client work without one. Nothing runs until a gateway uses it. */
export function createSimulatedDriver(options: SimulatedDriverOptions = {}): SimulatedDriver {
  return new SimulatedCompute(options)
}
