import type { ConformanceLevel, WireLine } from './conformance-case.js'

/** How a case ended. `skip`: it could not be judged here. `unsupported`: the driver does not offer what it is about. */
export type ConformanceOutcome = 'pass' | 'fail' | 'skip' | 'unsupported'

/** One case of a report. */
export interface ConformanceResult {
  /** `GROUP/CASE`. */
  readonly id: string
  readonly title: string
  /** The rule that a failure breaks. */
  readonly rule: string
  /** Absent for cases that every driver must pass. */
  readonly level?: ConformanceLevel
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
  readonly line: WireLine
  /** In the order in which the cases ran. */
  readonly results: readonly ConformanceResult[]
  readonly counts: Readonly<Record<ConformanceOutcome, number>>
  /** The highest level whose cases, and all below, passed; absent when none did, or when none could be judged. */
  readonly level?: ConformanceLevel
}

const levels: readonly ConformanceLevel[] = ['L0', 'L1', 'L2', 'L3']

/** Puts a report together. */
export function toReport(
  driver: ConformanceReport['driver'],
  line: WireLine,
  results: readonly ConformanceResult[],
): ConformanceReport {
  const counts = { pass: 0, fail: 0, skip: 0, unsupported: 0 }
  for (const { outcome } of results) counts[outcome] += 1
  const level = reachedLevel(results)
  return { driver, line, results, counts, ...(level === undefined ? {} : { level }) }
}

function reachedLevel(results: readonly ConformanceResult[]): ConformanceLevel | undefined {
  const reached = levels.findIndex((level) => {
    const outcomes = results.filter((result) => result.level === level).map(({ outcome }) => outcome)
    return outcomes.includes('fail') || !outcomes.includes('pass')
  })
  return reached === -1 ? levels[levels.length - 1] : levels[reached - 1]
}
