import type { JsonValue } from '../envelope/json-value.js'
import type { Budget } from './budget.js'
import type { declined } from './copy-plain.js'

/**
 * Copies, checks, completes and freezes a value in one pass, or declines.
 *
 * It accepts a subset of what the pipeline accepts and gives the same value; declining says nothing, the pipeline then finds
 * out what is wrong. It reads every member once and recurses no deeper than the schema and the limits. It throws what a getter
 * throws.
 */
export type Acceptor = (value: unknown, budget: Budget) => JsonValue | typeof declined
