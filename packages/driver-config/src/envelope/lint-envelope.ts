import type { CheckResult } from '../issue/check-result.js'
import type { ConfigIssue } from '../issue/config-issue.js'
import { type DriverConfigEnvelope, isDriverConfigBlock } from './driver-config-block.js'
import { type EnvelopeWarning, selectBlock } from './select-block.js'

/** What can judge the block of one driver. A `DriverConfig` is one. */
export interface DriverConfigChecker {
  readonly driverName: string
  check(block: unknown): CheckResult<unknown>
}

/** Options of `lintEnvelope`. */
export interface LintEnvelopeOptions {
  /** One for each driver whose schema is known; blocks of other drivers stay unchecked. */
  readonly checkers: readonly DriverConfigChecker[]
  /** The driver that will get its block; without it there is no warning about a missing block. */
  readonly activeDriver?: string
}

/** The verdict on one block. `unchecked` means that no checker knows the driver; it is never success. */
export interface BlockLint {
  readonly driverName: string
  readonly verdict: 'accepted' | 'refused' | 'unchecked'
  /** The version that an accepted block declares. */
  readonly declaredVersion?: number
  readonly issues: readonly ConfigIssue[]
  readonly warnings: readonly ConfigIssue[]
}

/** The verdict on an envelope, block by block in its own order. */
export interface EnvelopeLint {
  readonly blocks: readonly BlockLint[]
  readonly warnings: readonly EnvelopeWarning[]
}

/** Judges every block of an envelope for which there is a checker. Lint is advice: the driver decides. */
export function lintEnvelope(envelope: DriverConfigEnvelope, options: LintEnvelopeOptions): EnvelopeLint {
  const blocks = Object.entries(envelope).map(([driverName, value]): BlockLint => {
    const checker = options.checkers.find((candidate) => candidate.driverName === driverName)
    if (checker === undefined) return { driverName, verdict: 'unchecked', issues: [], warnings: [] }
    const result = checker.check(isDriverConfigBlock(value) ? value.encode() : value)
    const { warnings } = result
    if (!result.ok) return { driverName, verdict: 'refused', issues: result.issues, warnings }
    return { driverName, verdict: 'accepted', declaredVersion: result.declaredVersion, issues: [], warnings }
  })
  const warnings = options.activeDriver === undefined ? [] : selectBlock(envelope, options.activeDriver).warnings
  return { blocks, warnings }
}
