import type { CaseDescription, ConformanceLevel } from './conformance-case.js'
import type { WireLine } from './wire-line.js'

/** How a case ended. `skip`: it could not be judged here. `unsupported`: the driver does not offer what it is about. */
export type ConformanceOutcome = 'pass' | 'fail' | 'skip' | 'unsupported'

/** One case of a report. */
export interface ConformanceResult extends CaseDescription {
  /** The line on which the case ran. */
  readonly line: WireLine
  readonly outcome: ConformanceOutcome
  readonly durationMs: number
  /** Why a case was skipped or is unsupported. */
  readonly reason?: string
  /** What a failed case asks for. */
  readonly expected?: string
  /** What the driver did in a failed case, cut at 1,000 characters. */
  readonly received?: string
}

/** What a run found. It is plain data: `JSON.stringify` gives the JSON report. */
export interface ConformanceReport {
  /** What the driver calls itself. */
  readonly driver: { readonly name: string; readonly version: string }
  /** The lines that were examined, in order. */
  readonly lines: readonly WireLine[]
  /** Line by line, in the order of the cases. */
  readonly results: readonly ConformanceResult[]
  readonly counts: Readonly<Record<ConformanceOutcome, number>>
  /** The highest level whose cases, and all below, passed; absent when none did, or when none could be judged. */
  readonly level?: ConformanceLevel
  /** Whether the run was ended before all cases had run; the rest has no results. */
  readonly interrupted: boolean
}

const levels: readonly ConformanceLevel[] = ['L0', 'L1', 'L2', 'L3']

/** Puts a report together. */
export function toReport({
  driver,
  lines,
  results,
  interrupted,
}: Pick<ConformanceReport, 'driver' | 'lines' | 'results' | 'interrupted'>): ConformanceReport {
  const counts = { pass: 0, fail: 0, skip: 0, unsupported: 0 }
  for (const { outcome } of results) counts[outcome] += 1
  const level = reachedLevel(results)
  return { driver, lines, results, counts, interrupted, ...(level === undefined ? {} : { level }) }
}

function reachedLevel(results: readonly ConformanceResult[]): ConformanceLevel | undefined {
  const reached = levels.findIndex((level) => {
    const outcomes = results.filter((result) => result.level === level).map(({ outcome }) => outcome)
    return outcomes.includes('fail') || !outcomes.includes('pass')
  })
  return reached === -1 ? levels[levels.length - 1] : levels[reached - 1]
}
