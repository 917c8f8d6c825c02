import { hasMember } from '../check/members-at.js'
import { sensitiveTexts } from '../check/secrets.js'
import type { JsonValue } from '../envelope/json-value.js'
import { type CheckResult, hasIssues } from '../issue/check-result.js'
import { issueCodes } from '../issue/codes.js'
import type { ConfigIssue } from '../issue/config-issue.js'
import { DriverConfigError } from '../issue/driver-config-error.js'
import { formatIssues } from '../issue/format-issues.js'
import { fromPointer } from '../issue/path.js'
import { errorBudgetBytes } from '../report/error-budget.js'
import { type ReportingDriver, reportBytes, toErrorReport } from '../report/error-report.js'
import { plantedSecret, plantedText } from './plant-text.js'
import { type Judge, type Subject, stampDocument } from './subject.js'

/** Shorter texts stand in messages by chance. */
const shortestTelling = 8

/** Issues, warnings, notes, faults and reports name places, never what stands there. */
export function judgeSecrecy(subject: Subject): Judge {
  return (document, version) => {
    const block = stampDocument(document, version.number)
    const references = sensitiveTexts(document, version.secrets).filter((text) => text.length >= shortestTelling)
    const hidden = new Set([plantedText, plantedSecret, ...references])
    for (const [where, text] of outputsFor(subject, block)) {
      const shown = [...hidden].find((each) => text.includes(each))
      if (shown !== undefined) return `${where} shows ${describeShown(shown)}; a text names the place, never the value`
    }
    return undefined
  }
}

function describeShown(text: string): string {
  return text === plantedText || text === plantedSecret ? `the planted text` : 'a reference to a secret'
}

/** Everything that the package says about a block, apart from the value itself. */
function* outputsFor(subject: Subject, block: JsonValue): Generator<[where: string, text: string]> {
  const { config, lineage } = subject
  for (const [what, result] of resultsFor(subject, block)) {
    const { warnings } = result
    const issues = result.ok ? [] : result.issues
    yield [`an issue of ${what}`, JSON.stringify(issues) + formatIssues(issues)]
    yield [`a warning of ${what}`, JSON.stringify(warnings) + formatIssues(warnings)]
    if (!result.ok)
      yield [`the report of ${what}`, JSON.stringify(toErrorReport(result.issues, driverOf(subject), 'validate'))]
  }
  const value = config.safeParse(block)
  try {
    if (value.ok) config.store(value.value, { driverVersion })
    else throw new DriverConfigError(value.issues)
  } catch (error) {
    yield [`the error of ${value.ok ? 'store' : 'parse'}`, `${error} ${JSON.stringify(error)}`]
  }
  const stored = { schema_version: lineage.max, driver_version: driverVersion, digest: '', config: block }
  const restored = config.restore(stored)
  yield ['an issue of restore', JSON.stringify(restored.ok ? restored.warnings : restored.issues)]
}

const driverVersion = '1.0.0'

function driverOf({ config, lineage }: Subject): ReportingDriver {
  const { driverName: name, domain, versions } = config
  return { name, domain, versions, version: driverVersion, root: lineage.root }
}

/** What each entry point says about a block. */
function resultsFor({ config, lineage }: Subject, block: JsonValue): [what: string, result: CheckResult<JsonValue>][] {
  const migrations = [...lineage.versions.keys()].map((to): [string, CheckResult<JsonValue>] => [
    `migrate to ${to}`,
    config.migrate(block, { to }),
  ])
  return [
    ['check', config.check(block, { strict: true, driverVersion })],
    ['safeParse', config.safeParse(block, { strict: true, driverVersion })],
    ...migrations,
  ]
}

/** Every issue and warning has its parts, and points into the document or at a member that is missing there. */
export function judgeIssues(subject: Subject): Judge {
  return (document, version) => {
    const block = stampDocument(document, version.number)
    for (const [what, result] of resultsFor(subject, block)) {
      for (const issue of [...(result.ok ? [] : result.issues), ...result.warnings]) {
        const problem = findFlaw(issue, block, subject.lineage.root)
        if (problem !== undefined) return `an issue ${issue.code} of ${what} ${problem}`
      }
    }
    return undefined
  }
}

function findFlaw(issue: ConfigIssue, block: JsonValue, root: string): string | undefined {
  if (!Object.hasOwn(issueCodes, issue.code)) return 'has a code that nobody knows'
  if (!issue.path.startsWith(root)) return `has a path that does not start with ${root}`
  if (issue.message.trim() === '') return 'has no message'
  if ((issue.fix ?? '').trim() === '') return 'has no fix'
  const tokens = fromPointer(issue.pointer)
  const isPlaced = tokens.length === 0 || hasMember(block, tokens) || hasMember(block, tokens.slice(0, -1))
  return isPlaced ? undefined : `points to ${issue.pointer}, which is not in the document, nor is its parent`
}

/** A refusal fits into what gateways and clients carry. */
export function judgeBudget(subject: Subject, write = toErrorReport): Judge {
  return (document, version) => {
    const result = subject.config.safeParse(stampDocument(document, version.number))
    if (result.ok || !hasIssues(result.issues)) return undefined
    for (const call of ['validate', 'create'] as const) {
      const bytes = reportBytes(write(result.issues, driverOf(subject), call))
      if (bytes > errorBudgetBytes) return `the report takes ${bytes} bytes; at most ${errorBudgetBytes} arrive`
    }
    return undefined
  }
}
