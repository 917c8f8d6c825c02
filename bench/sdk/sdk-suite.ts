import type { Suite } from '../comparison.js'
import { execOutput } from './exec-output.js'
import { importCost } from './import-cost.js'
import { manyWatches } from './many-watches.js'
import { officialClientCost } from './official-clients.js'
import { unaryCost } from './unary-cost.js'

/** What the client costs beside the libraries below it, and beside the official Python clients. */
export const sdkSuite: Suite = {
  name: 'sdk',
  async run() {
    return [
      ...(await importCost()),
      await unaryCost(),
      ...(await execOutput()),
      await manyWatches(),
      ...(await officialClientCost('0.0')),
      ...(await officialClientCost('0.1')),
    ]
  },
}
