import type { Suite } from '../comparison.js'
import { execCost } from './exec-cost.js'

/** What commands cost that run through the development gateway. */
export const devGatewaySuite: Suite = { name: 'dev-gateway', run: execCost }
