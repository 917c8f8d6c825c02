import type { Suite } from '../comparison.js'
import { execCost } from './exec-cost.js'
import { simulatedCost } from './simulated-cost.js'

/** What the development gateway costs: with simulated sandboxes, and for commands that run through it. */
export const devGatewaySuite: Suite = {
  name: 'dev-gateway',
  async run() {
    return [...(await simulatedCost()), ...(await execCost())]
  },
}
