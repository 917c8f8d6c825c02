import type { ConformanceSession } from './conformance-session.js'
import type { WireLine } from './wire-line.js'

/**
 * How much of the config's contract a driver keeps. L0: refuses a block that it does not understand. L1: checks the structure
 * and names the field. L2: reports all problems, with details. L3: version marker, migrations, warnings, full agreement with
 * the published schemas.
 */
export type ConformanceLevel = 'L0' | 'L1' | 'L2' | 'L3'

/** What a case says about itself. */
export interface CaseDescription {
  /** `GROUP/CASE`, stable over releases. */
  readonly id: string
  /** The behaviour, in one sentence. */
  readonly title: string
  /** The part of the contract that the rule is from, by number and name. */
  readonly section: string
  /** The rule that a failure breaks, and what gateways or users see then. */
  readonly rule: string
  /** What an author changes when the case fails. */
  readonly change: string
  /** The level that the case belongs to; absent for cases that every driver must pass. */
  readonly level?: ConformanceLevel
}

/** One thing that a driver must do. */
export interface ConformanceCase extends CaseDescription {
  /** The lines that the case makes sense on; both when absent. */
  readonly lines?: readonly WireLine[]
  /** What the case cannot share a driver with. `story`: it waits for the story of the run. `all`: it runs when no other does. */
  readonly order?: 'story' | 'all'
  /** Resolves when the driver behaves; throws a `CaseFailure`, `CaseSkip` or `CaseUnsupported` otherwise. */
  run(session: ConformanceSession): Promise<void>
}
