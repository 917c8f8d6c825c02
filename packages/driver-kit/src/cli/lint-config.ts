import { type ConfigIssue, type SandboxRequest, selectBlock } from '@openshell-ts/driver-config'
import type { DriverConfigEnvelope } from '@openshell-ts/driver-config/envelope'
import type { Driver } from '../driver/driver.js'
import type { ConfigFile } from './config-file/config-file.js'
import { type ConfigShape, type ConfigSite, findConfigSite } from './config-file/find-config-site.js'
import { rootFieldNames } from './docs/field-names.js'
import { findingAt, findingOf, type LintFinding, type LintReport, type LintVerdict } from './lint-report.js'

/** What lint knows and how strict it is. */
export interface LintConfigOptions {
  /** The file's name, for the report. */
  readonly name: string
  /** Whether to refuse what works and should be better: deprecated, experimental and older things, a missing marker. */
  readonly strict: boolean
  /** What the file is; found out when absent. */
  readonly shape?: ConfigShape
  /** Values of the driver's settings, for its gates. */
  readonly settings: Readonly<Record<string, string>>
}

/** What `--strict` refuses. */
const strictCodes: ReadonlySet<string> = new Set([
  ...['SCHEMA_VERSION_MISSING', 'VERSION_DEPRECATED', 'FIELD_DEPRECATED', 'VALUE_DEPRECATED'],
  ...['EXPERIMENTAL_USED', 'VERSION_NOT_CURRENT'],
])

/** Requests that tell apart what rules may ask of one, for files that say nothing about theirs. */
const possibleRequests: readonly SandboxRequest[] = [
  {},
  { image: 'example/image:1' },
  { gpu: {} },
  { gpu: { count: 1 } },
  { gpu: { count: 17 } },
]

/** Judges the driver's block of a file as the driver would, and says what it thinks of the rest. */
export function lintConfig(driver: Driver, file: ConfigFile, options: LintConfigOptions): LintReport {
  const { name: driverName, config } = driver
  const { shape } = options
  const known = { driverName, fieldNames: rootFieldNames(config) }
  const site = findConfigSite(file.value, shape === undefined ? known : { ...known, shape })
  const judged = judgeBlock(driver, file, site, options)
  const found = [...judged.findings, ...judgeEnvelope(driver, file, site)]
  const findings = (options.strict ? found.map(beStrict) : found).toSorted(byPlace)
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const { declaredVersion } = judged
  return {
    file: options.name,
    driver: driverName,
    shape: site.shape,
    verdict: verdictOf(errors, judged.decided),
    ...(declaredVersion === undefined ? {} : { declaredVersion }),
    errors,
    warnings: findings.length - errors,
    findings,
  }
}

function verdictOf(errors: number, decided: boolean): LintVerdict {
  if (errors > 0) return 'refused'
  return decided ? 'accepted' : 'unchecked'
}

interface JudgedBlock {
  readonly findings: readonly LintFinding[]
  /** False when the verdict depends on a request that nobody knows. */
  readonly decided: boolean
  readonly declaredVersion?: number
}

function judgeBlock(driver: Driver, file: ConfigFile, site: ConfigSite, options: LintConfigOptions): JudgedBlock {
  const { config, version: driverVersion } = driver
  const requests = site.request === undefined ? possibleRequests : [site.request]
  const policy = { settings: options.settings }
  const results = requests.map((request) =>
    config.safeParse(site.block, { driverVersion, request, policy, strict: options.strict }),
  )
  const all = results.map((result) => (result.ok ? [] : result.issues))
  const always = (all[0] ?? []).filter((issue) => all.every((issues) => issues.some((other) => isSame(issue, other))))
  const sometimes = all.flat().filter((issue) => !always.some((other) => isSame(issue, other)))
  const accepted = results.find((result) => result.ok)
  const depends = distinct(sometimes).map((issue): LintFinding => {
    const fix = 'Check the whole template, whose request is known.'
    const message = `${issue.message}; this depends on the request, which the file does not have.`
    return { ...findingOf(file, site.steps, issue), severity: 'warning', code: 'DEPENDS_ON_REQUEST', message, fix }
  })
  return {
    findings: [
      ...always.map((issue) => findingOf(file, site.steps, issue)),
      ...depends,
      ...distinct(results.flatMap(({ warnings }) => warnings)).map((issue) => findingOf(file, site.steps, issue)),
      ...(accepted === undefined || !options.strict ? [] : judgeVersion(driver, file, site, accepted.declaredVersion)),
    ],
    decided: depends.length === 0,
    ...(accepted === undefined ? {} : { declaredVersion: accepted.declaredVersion }),
  }
}

/** Nothing is wrong with an older version that is not deprecated, so that only `--strict` speaks of it. */
function judgeVersion({ config }: Driver, file: ConfigFile, site: ConfigSite, declared: number): LintFinding[] {
  const { max } = config.versions
  const status = config.describe().each.find(({ number }) => number === declared)?.status
  const isEmpty = site.block === undefined || Object.keys(Object(site.block)).length === 0
  if (declared === max || isEmpty || status === 'deprecated') return []
  const fix = `Run "config migrate" on the file, or write the block for schema_version ${max}.`
  const message = `driver_config is written for schema_version ${declared}, and the current one is ${max}. ${fix}`
  return [
    findingAt(file, [...site.steps, 'schema_version'], {
      severity: 'warning',
      code: 'VERSION_NOT_CURRENT',
      message,
      fix,
    }),
  ]
}

function judgeEnvelope(
  { name }: Driver,
  file: ConfigFile,
  { envelope, envelopeSteps, shape }: ConfigSite,
): LintFinding[] {
  if (envelopeSteps === undefined || (envelope === undefined && shape === 'template')) return []
  if (typeof envelope !== 'object' || envelope === null || Array.isArray(envelope)) {
    const fix = `Write driver_config as an object with one block a driver, such as { "${name}": {} }.`
    return [findingAt(file, envelopeSteps, { severity: 'error', code: 'ENVELOPE_NOT_OBJECT', message: fix })]
  }
  const blocks = envelope as DriverConfigEnvelope
  const { warnings, ignored } = selectBlock(blocks, name)
  return [
    ...warnings.map(({ code, message }) => findingAt(file, envelopeSteps, { severity: 'warning', code, message })),
    ...ignored.map((key) => {
      const message = `the block of driver ${JSON.stringify(key.slice(0, 64))} was not checked: only its own driver knows it.`
      return findingAt(file, [...envelopeSteps, key], { severity: 'warning', code: 'BLOCK_NOT_CHECKED', message })
    }),
  ]
}

function beStrict(finding: LintFinding): LintFinding {
  return strictCodes.has(finding.code) ? { ...finding, severity: 'error' } : finding
}

function byPlace(one: LintFinding, other: LintFinding): number {
  return one.line - other.line || one.column - other.column
}

function isSame(one: ConfigIssue, other: ConfigIssue): boolean {
  return one.code === other.code && one.pointer === other.pointer
}

function distinct(issues: readonly ConfigIssue[]): ConfigIssue[] {
  return issues.filter((issue, index) => issues.findIndex((other) => isSame(issue, other)) === index)
}
