import type { ConfigIssue, EnvelopeWarning } from '@openshell-ts/driver-config'
import type { ConfigFile } from './config-file/config-file.js'

/** What `config lint` finds that no check of a block can. */
export type LintCode =
  | 'ENVELOPE_NOT_OBJECT'
  | EnvelopeWarning['code']
  | 'BLOCK_NOT_CHECKED'
  | 'VERSION_NOT_CURRENT'
  | 'DEPENDS_ON_REQUEST'

/** One problem of a file, with its place. */
export interface LintFinding {
  readonly severity: 'error' | 'warning'
  readonly code: ConfigIssue['code'] | LintCode
  readonly line: number
  readonly column: number
  /** RFC 6901 pointer in the file. */
  readonly pointer: string
  /** One sentence that is complete without the other fields. Never a value of the file. */
  readonly message: string
  /** What to change. */
  readonly fix?: string
}

/** What a file is worth to a driver. `unchecked` is never success. */
export type LintVerdict = 'accepted' | 'refused' | 'unchecked'

/** The report on a file, as `--json` prints it. */
export interface LintReport {
  readonly file: string
  readonly driver: string
  readonly shape: 'block' | 'envelope' | 'template'
  readonly verdict: LintVerdict
  /** The version that an accepted block declares. */
  readonly declaredVersion?: number
  readonly errors: number
  readonly warnings: number
  /** In the order of the file. */
  readonly findings: readonly LintFinding[]
}

/** A finding at the steps to a member of a file. */
export function findingAt(
  file: ConfigFile,
  steps: readonly string[],
  { severity, code, message, fix }: Pick<LintFinding, 'severity' | 'code' | 'message' | 'fix'>,
): LintFinding {
  const pointer = steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
  return { severity, code, ...file.locate(steps), pointer, message, ...(fix === undefined ? {} : { fix }) }
}

/** A finding from the issue of a block that stands at some steps of a file. */
export function findingOf(file: ConfigFile, blockSteps: readonly string[], issue: ConfigIssue): LintFinding {
  const steps = issue.pointer.split('/').slice(1)
  const inside = steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  return findingAt(file, [...blockSteps, ...inside], issue)
}

/** The report as text for people and editors: `FILE:LINE:COLUMN: severity CODE message`, and below it what to change. */
export function formatLint(report: LintReport): string {
  return [...formatFindings(report.file, report.findings), `${report.file}: ${summary(report)}`, ''].join('\n')
}

/** The lines of findings in a file, as `formatLint` has them. */
export function formatFindings(file: string, findings: readonly LintFinding[]): string[] {
  return findings.flatMap(({ line, column, severity, code, message, fix }) => [
    `${file}:${line}:${column}: ${severity} ${code} ${message}`,
    ...(fix === undefined || message.endsWith(fix) ? [] : [`  fix: ${fix}`]),
  ])
}

function summary({ verdict, driver, errors, warnings, declaredVersion }: LintReport): string {
  const version = declaredVersion === undefined || declaredVersion === 0 ? '' : `, schema_version ${declaredVersion}`
  const words = { accepted: 'accepted by', refused: 'refused by', unchecked: 'could not be checked for' } as const
  return `${words[verdict]} ${driver}${version} (${count(errors, 'error')}, ${count(warnings, 'warning')})`
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
