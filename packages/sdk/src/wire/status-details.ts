import type { Violation } from '../errors/openshell-error.js'

/** What the details of a failed call say. */
export interface StatusDetails {
  /** Every problem of the request; empty when none was named. */
  readonly violations: readonly Violation[]
  /** UPPER_SNAKE reason of the failure. */
  readonly reason?: string
  /** How long to wait at least before another try. */
  readonly retryAfterMs?: number
}

/** Details that say nothing. */
export const NO_DETAILS: StatusDetails = { violations: [] }
