import type { Suite } from '../comparison.js'
import { idleDriver } from './idle-driver.js'
import { manySandboxes } from './many-sandboxes.js'
import { unaryCost } from './unary-cost.js'

/** What the engine and the server of a driver cost. */
export const driverKitSuite: Suite = {
  name: 'driver-kit',
  async run() {
    return [await unaryCost(), await idleDriver(), await manySandboxes()]
  },
}
