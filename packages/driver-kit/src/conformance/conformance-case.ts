import type { ConformanceSession } from './conformance-session.js'

/** The two lines of gateways; they speak to drivers in slightly different ways. */
export type WireLine = '0.0' | '0.1'

/**
 * How much of the config's contract a driver keeps. L0: refuses a block that it does not understand. L1: checks the structure
 * and names the field. L2: reports all problems, with details. L3: version marker, migrations, warnings, full agreement with
 * the published schemas.
 */
export type ConformanceLevel = 'L0' | 'L1' | 'L2' | 'L3'

/** One thing that a driver must do. */
export interface ConformanceCase {
  /** `GROUP/CASE`, stable over releases. */
  readonly id: string
  /** The behaviour, in one sentence. */
  readonly title: string
  /** The rule of the driver contract that a failure breaks, and what gateways or users see then. */
  readonly rule: string
  /** The level that the case belongs to; absent for cases that every driver must pass. */
  readonly level?: ConformanceLevel
  /** The lines that the case makes sense on; both when absent. */
  readonly lines?: readonly WireLine[]
  /** Resolves when the driver behaves; throws a `CaseFailure`, `CaseSkip` or `CaseUnsupported` otherwise. */
  run(session: ConformanceSession): Promise<void>
}
