import type {
  CompatibilityReport,
  LockNotice,
  MigrationProof,
  VersionChange,
} from '@openshell-ts/driver-config/compatibility'
import { type JunitTest, writeJunitXml } from '../conformance/junit-xml.js'

/** The report as text: a line for each difference that is not plainly fine, and below it what a waiver has to name. */
export function formatCompatibility(report: CompatibilityReport, file: string): string {
  const { driver, changes, notices, migrations } = report
  const hasQuestions = changes.some(isWaivable)
  return [
    ...changes.filter(({ verdict, waiver }) => verdict !== 'ok' || waiver !== undefined).flatMap(formatChange),
    ...notices.map(({ verdict, code, message }) => `${verdict} ${code} ${message}`),
    ...migrations.map(describeMigration),
    ...(hasQuestions ? [howToWaive(file)] : []),
    `${driver}: ${summarize(changes, notices)}`,
    '',
  ].join('\n')
}

/** True for a difference that counts: it fails, or needs a decision, and nobody answers for it. */
function isOpen({ verdict, waiver }: VersionChange): boolean {
  return waiver === undefined && (verdict === 'break' || verdict === 'unknown')
}

/** True for an open difference that an author may answer for; a migration is corrected. */
function isWaivable(change: VersionChange): boolean {
  return isOpen(change) && !change.rule.startsWith('MIGRATION_')
}

/** True for a way that nothing is known about, which is never fine. */
function isUntried({ result }: MigrationProof): boolean {
  return result === 'unknown'
}

function describeMigration({ from, to, result, documents, seed }: MigrationProof): string {
  const words = {
    proven: 'proven',
    tested: `tested with ${documents} documents, seed ${seed}`,
    counterexample: 'does not work',
    unknown: 'could not be tried',
  }
  return `schema_version ${from} to ${to}: ${words[result]}`
}

function formatChange(change: VersionChange): string[] {
  const { verdict, rule, waiver, witness, fingerprint, version } = change
  if (waiver !== undefined) {
    const { by, expires, reason } = waiver
    return [`waived ${rule} ${describePlace(change)}`, `  waiver: ${fingerprint} by ${by} until ${expires}: ${reason}`]
  }
  return [
    `${verdict} ${rule} ${describePlace(change)}`,
    ...(witness === undefined ? [] : [`  refused now: ${JSON.stringify({ schema_version: version, ...witness })}`]),
    ...(isWaivable(change) ? [`  fingerprint: ${fingerprint}`] : []),
  ]
}

function describePlace({ version, message }: VersionChange): string {
  return version === 0 ? message : `in schema_version ${version}: ${message}`
}

function howToWaive(file: string): string {
  const form = '{ "fingerprint": "…", "rule": "…", "reason": "…", "by": "…", "expires": "2027-01-31" }'
  return `To answer for a difference, write ${form} into "waivers" of ${file}.`
}

function summarize(changes: readonly VersionChange[], notices: readonly LockNotice[]): string {
  const counted = [...changes.filter(({ waiver }) => waiver === undefined), ...notices]
  const count = (verdict: VersionChange['verdict']) => counted.filter((each) => each.verdict === verdict).length
  const waived = changes.length - changes.filter(({ waiver }) => waiver === undefined).length
  return `${count('break')} break, ${count('unknown')} unknown, ${count('warning')} warning, ${count('ok')} ok, ${waived} waived`
}

/** The report as annotations of GitHub Actions, on the lock file. What is fine has none. */
export function toAnnotations({ changes, notices, migrations }: CompatibilityReport, file: string): string {
  const lines = [
    ...changes
      .filter(({ verdict }) => verdict !== 'ok')
      .map((change) => {
        const level = change.waiver !== undefined ? 'notice' : change.verdict === 'warning' ? 'warning' : 'error'
        const mark = isWaivable(change) ? ` (fingerprint ${change.fingerprint})` : ''
        return annotate(level, file, change.rule, `${describePlace(change)}${mark}`)
      }),
    ...migrations
      .filter(isUntried)
      .map((migration) => annotate('error', file, 'MIGRATION_UNKNOWN', describeMigration(migration))),
    ...notices.map(({ verdict, code, message }) =>
      annotate(verdict === 'break' ? 'error' : 'warning', file, code, message),
    ),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

function annotate(level: 'error' | 'warning' | 'notice', file: string, title: string, message: string): string {
  return `::${level} file=${escapeProperty(file)},title=${title}::${escapeData(message)}`
}

/** Commands of a runner end at a line break, and it decodes exactly these. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

/** The report as JUnit XML: a suite for each version, a test for each difference; a version without any has one that passes. */
export function toCompatibilityJunit(
  { driver, changes, notices, migrations }: CompatibilityReport,
  versions: readonly number[],
): string {
  const places = [...new Set([...versions, ...changes.map(({ version }) => version)])].sort((a, b) => a - b)
  const suites = places.map((version) => {
    const name = version === 0 ? 'config' : `schema_version ${version}`
    const tests = [
      ...changes.filter((change) => change.version === version).map((change) => toTest(change, name)),
      ...migrations.filter(({ from, change }) => from === version && change === undefined).map(toMigrationTest),
    ]
    return { name, tests: tests.length === 0 ? [{ className: name, name: 'unchanged' }] : tests }
  })
  const failing = notices
    .filter(({ verdict }) => verdict === 'break')
    .map(({ code, message }): JunitTest => {
      return { className: 'lock', name: code, failure: { message: code, text: message } }
    })
  const lock = { name: 'lock', tests: failing.length === 0 ? [{ className: 'lock', name: 'in order' }] : failing }
  return writeJunitXml(`compatibility of driver_config of ${driver}`, [...suites, lock])
}

function toMigrationTest(migration: MigrationProof): JunitTest {
  const test = { className: `schema_version ${migration.from}`, name: `migration to ${migration.to}` }
  if (!isUntried(migration)) return test
  return { ...test, failure: { message: 'MIGRATION_UNKNOWN', text: describeMigration(migration) } }
}

function toTest(change: VersionChange, className: string): JunitTest {
  const { rule, path, verdict, message, fingerprint, waiver } = change
  const test = { className, name: `${rule} ${path}` }
  if (waiver !== undefined) return { ...test, skipped: `waived until ${waiver.expires}: ${waiver.reason}` }
  if (!isOpen(change)) return test
  return { ...test, failure: { message: `${verdict} ${rule}`, text: `${message}\nfingerprint: ${fingerprint}` } }
}
