import type { ConfigIssues } from '../issue/check-result.js'
import type { ConfigIssue } from '../issue/config-issue.js'
import { type FaultCall, type FaultStatus, faultReason, faultStatus } from '../issue/faults.js'
import { describeIssue } from '../issue/format-issues.js'
import { bugReportSentence, defaultRoot, ownerOf, ownerTitle } from '../issue/owner-title.js'
import { boundMessage, errorBudgetBytes, errorBytes, wellFormed } from './error-budget.js'
import { statusSize } from './error-size.js'
import type { ReportContent, ReportInfo, ReportLink, ReportViolation } from './report-content.js'

/** The driver that a report speaks for. */
export interface ReportingDriver {
  readonly name: string
  readonly version: string
  readonly domain: string
  /** The range of config versions that it reads; absent for a driver without a config. */
  readonly versions?: { readonly min: number; readonly max: number }
  /** Name of the document root in the text. @default 'driver_config' */
  readonly root?: string
  /** What the driver is, when it is none. @default the words of `root` before `_config` */
  readonly owner?: string
}

/** A refusal as it travels: the gRPC status, its text, and what its details hold. */
export interface ErrorReport extends ReportContent {
  readonly status: FaultStatus
  /** How many problems the text counts without listing them. */
  readonly omitted: number
}

/** At most this many problems are listed, in the text and in the details. */
const listLimit = 16

/** How much of a report is kept. */
interface Cut {
  readonly lines: number
  readonly violations: number
  readonly help: boolean
}

/**
 * The report that refuses a block, within 7,700 bytes for text and details together: all problems in the text, one a line, and
 * as violations. What does not fit goes in this order: the link, violations from the end, lines from the end, and last the
 * details as a whole; the text then says how many problems it leaves out. Equal issues give equal reports.
 */
export function toErrorReport(issues: ConfigIssues, driver: ReportingDriver, call: FaultCall): ErrorReport {
  const status = faultStatus(issues, call)
  const parts = prepareParts(issues, driver)
  for (const cut of cuts(parts.violations.length)) {
    const report = { status, ...reportWithin(parts, cut) }
    if (reportBytes(report) <= errorBudgetBytes) return report
  }
  const message = boundMessage(writeMessage(parts, 1))
  return { status, message, violations: [], omitted: issues.length - 1 }
}

/** Bytes that a report takes on the wire: the percent-encoded text, and the details as base64. */
export function reportBytes(report: ErrorReport): number {
  return errorBytes(report.message, report.info === undefined ? undefined : statusSize(report))
}

function* cuts(listed: number): Generator<Cut> {
  yield { lines: listed, violations: listed, help: true }
  for (let violations = listed; violations >= 0; violations--) yield { lines: listed, violations, help: false }
  for (let lines = listed - 1; lines >= 1; lines--) yield { lines, violations: 0, help: false }
}

/** Everything that a report may hold, written once. */
interface ReportParts {
  readonly total: number
  readonly heading: string
  readonly violations: readonly ReportViolation[]
  readonly closing: readonly string[]
  readonly info: ReportInfo
  readonly help: ReportLink | undefined
}

function prepareParts(issues: ConfigIssues, driver: ReportingDriver): ReportParts {
  const { name, version, root = defaultRoot, owner = ownerOf(root) } = driver
  const named = { driverName: name, owner }
  const count = issues.length === 1 ? '1 problem' : `${issues.length} problems`
  const isBug = issues.some(({ fault }) => fault === 'driver')
  const url = issues.find((issue) => issue.url !== undefined)?.url
  return {
    total: issues.length,
    heading: `${ownerTitle(named, undefined)} refuses this ${root} (${count}):`,
    violations: issues.slice(0, listLimit).map(toViolation),
    closing: isBug ? [bugReportSentence(ownerTitle(named, version))] : [],
    info: toInfo(issues, driver),
    help:
      url === undefined
        ? undefined
        : { description: `The config of ${ownerTitle(named, undefined)}`, url: wellFormed(url) },
  }
}

function reportWithin(parts: ReportParts, cut: Cut): Omit<ErrorReport, 'status'> {
  const { violations, info, help, total } = parts
  return {
    message: writeMessage(parts, cut.lines),
    violations: violations.slice(0, cut.violations),
    info,
    ...(cut.help && help !== undefined ? { help } : {}),
    omitted: total - cut.lines,
  }
}

function writeMessage({ total, heading, violations, closing }: ReportParts, lines: number): string {
  const listed = violations.slice(0, lines).map(({ description }) => `- ${description}`)
  const more = total - listed.length
  return wellFormed([heading, ...listed, ...(more > 0 ? [`+${more} more`] : []), ...closing].join('\n'))
}

function toViolation(issue: ConfigIssue): ReportViolation {
  // One line, whatever the rule that found it wrote.
  const description = describeIssue(issue).replaceAll(/\s*\n\s*/g, ' ')
  return { field: wellFormed(issue.path), description: wellFormed(description), reason: issue.code }
}

function toInfo(issues: ConfigIssues, { name, version, domain, versions }: ReportingDriver): ReportInfo {
  const range =
    versions === undefined
      ? {}
      : { requested: String(issues[0].schemaVersion), min: String(versions.min), max: String(versions.max) }
  const metadata = { driver: name, driver_version: version, total: String(issues.length), ...range }
  return { reason: faultReason(issues), domain, metadata }
}
