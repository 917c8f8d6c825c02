import type { WireLine } from '../../src/conformance/index.js'
import type { DriverFault } from './forwarding-driver.js'

/** A driver with one fault, and the case that must find it. */
export interface KnownBad {
  readonly driver: string
  readonly mustFail: string
  readonly fault: DriverFault
  /** The line that shows the fault; 0.0 when absent. */
  readonly line?: WireLine
}
