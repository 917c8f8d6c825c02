import type { CheckResult } from '../issue/check-result.js'
import { type ConfigIssue, createIssue } from '../issue/config-issue.js'
import type { DriverConfigEnvelope } from './driver-config-block.js'
import { type EnvelopeMember, readEnvelope } from './read-envelope.js'
import { type EnvelopeWarning, envelopeNotReadable, selectMember } from './select-block.js'

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

/**
 * Judges every block of an envelope for which there is a checker. Lint is advice: the driver decides.
 *
 * Never throws, whatever the envelope is: what cannot be read is a warning, and a block that cannot be read is refused.
 */
export function lintEnvelope(envelope: DriverConfigEnvelope, options: LintEnvelopeOptions): EnvelopeLint {
  const members = readEnvelope(envelope)
  if (members === undefined) return { blocks: [], warnings: [envelopeNotReadable()] }
  const { activeDriver, checkers } = options
  const warnings = activeDriver === undefined ? [] : selectMember(members, activeDriver).warnings
  return { blocks: members.map((member) => lintBlock(member, checkers)), warnings }
}

function lintBlock({ driverName, value }: EnvelopeMember, checkers: readonly DriverConfigChecker[]): BlockLint {
  if (value === undefined) return { driverName, verdict: 'refused', issues: [unreadableBlock()], warnings: [] }
  const checker = checkers.find((candidate) => candidate.driverName === driverName)
  if (checker === undefined) return { driverName, verdict: 'unchecked', issues: [], warnings: [] }
  const result = checker.check(value)
  const { warnings } = result
  if (!result.ok) return { driverName, verdict: 'refused', issues: result.issues, warnings }
  return { driverName, verdict: 'accepted', declaredVersion: result.declaredVersion, issues: [], warnings }
}

/** Nothing is known about the version of such a block. */
function unreadableBlock(): ConfigIssue {
  const received = 'a block that cannot be read'
  const fields = { problem: `must be a JSON value, got ${received}`, received }
  return createIssue({ root: 'driver_config', schemaVersion: 0 }, 'VALUE_NOT_JSON', [], fields)
}
