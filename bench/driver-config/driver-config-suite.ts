import type { Suite } from '../comparison.js'
import { acceptBlock } from './accept-block.js'
import { deepBlock } from './deep-block.js'
import { importCost } from './import-cost.js'
import { largeBlock } from './large-block.js'
import { reportFaults } from './report-faults.js'

/** What a block costs a driver and a client. */
export const driverConfigSuite: Suite = {
  name: 'driver-config',
  async run() {
    return [await acceptBlock(), await reportFaults(), await largeBlock(), await deepBlock(), await importCost()]
  },
}
