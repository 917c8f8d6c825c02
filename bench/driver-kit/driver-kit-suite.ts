import type { Suite } from '../comparison.js'
import { idleDriver } from './idle-driver.js'
import { fillDriver, manySandboxes } from './many-sandboxes.js'
import { unaryCost } from './unary-cost.js'

/** What the engine and the server of a driver cost. */
export const driverKitSuite: Suite = {
  name: 'driver-kit',
  async run() {
    const unary = await unaryCost()
    // An idle driver's processor time is its own, whatever runs beside it.
    const [idle, driver] = await Promise.all([idleDriver(), fillDriver()])
    await using filled = driver
    return [unary, idle, await manySandboxes(filled)]
  },
}
