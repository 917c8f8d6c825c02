import { writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import {
  type CompatibilityReport,
  type ConfigLock,
  ConfigLockError,
  checkCompatibility,
  writeConfigLock,
} from '@openshell-ts/driver-config/compatibility'
import type { Driver } from '../driver/driver.js'
import { formatCompatibility, toAnnotations, toCompatibilityJunit } from './compatibility-output.js'
import { CouldNotCheckError } from './config-file/could-not-check-error.js'
import { defaultLockFile } from './default-lock-file.js'
import type { CommandLineValues } from './read-flags.js'
import { readLockFile } from './read-lock-file.js'
import { withWorkingLine } from './working-line.js'
import { writePublishedFiles } from './write-published-files.js'

const verdictCodes = { ok: 0, break: 1, unknown: 3 } as const

/** Compares a driver's config with its releases and tells what `values` ask for; resolves to the exit code. */
export async function checkConfig(driver: Driver, values: CommandLineValues): Promise<number> {
  const outcome = await check(driver, values).catch((error: unknown) => {
    if (values['json'] !== undefined && error instanceof CouldNotCheckError) {
      printJson({ file: values['lock'], driver: driver.name, verdict: 'unchecked', message: error.message })
    }
    throw error
  })
  await writeReports(driver, outcome, values)
  return verdictCodes[outcome.report.verdict]
}

/** What a run found, and what became of the lock file. */
interface CheckOutcome {
  readonly file: string
  readonly report: CompatibilityReport
  readonly state: 'written' | 'unchanged'
}

async function check(driver: Driver, values: CommandLineValues): Promise<CheckOutcome> {
  const { lock: file = defaultLockFile, base: baseFile, update, release } = values
  const lock = await readLockFile(file)
  const options = { ...(await readBase(baseFile)), now: new Date() }
  const { config } = driver
  const compare = (recorded: ConfigLock): CompatibilityReport =>
    withWorkingLine('Trying documents of every version…', () => checkCompatibility(config, recorded, options))
  try {
    if (update === undefined) {
      if (lock === undefined) throw missingLock(driver, file)
      return { file, report: compare(lock), state: 'unchanged' }
    }
    const before = lock === undefined ? {} : { lock }
    const grown = writeConfigLock(config, { ...before, release: release !== undefined })
    const report = compare(grown.lock)
    const state = report.verdict === 'break' ? 'unchanged' : await writeLock(file, grown.text)
    return { file, report, state }
  } catch (cause) {
    if (!(cause instanceof ConfigLockError)) throw cause
    throw new CouldNotCheckError(`${cause.problems[0].message} ${cause.problems[0].fix}`, { cause })
  }
}

function missingLock({ name }: Driver, file: string): CouldNotCheckError {
  const flag = file === defaultLockFile ? '' : ` --lock ${file}`
  const command = `${name}-driver config check --update${flag}`
  return new CouldNotCheckError(`${file} does not exist. Record the config with "${command}", and commit the file.`)
}

async function readBase(file: string | undefined): Promise<{ readonly base?: ConfigLock }> {
  if (file === undefined) return {}
  const base = await readLockFile(file)
  if (base !== undefined) return { base }
  throw new CouldNotCheckError(`${file} does not exist. Leave --base out while the base branch has no lock file.`)
}

async function writeLock(file: string, text: string): Promise<CheckOutcome['state']> {
  const [written] = await writePublishedFiles(dirname(file), [{ name: basename(file), text }], { check: false })
  return written?.state === 'written' ? 'written' : 'unchanged'
}

async function writeReports(
  { config }: Driver,
  { file, report, state }: CheckOutcome,
  { json, junit, github, update }: CommandLineValues,
): Promise<void> {
  if (junit !== undefined) {
    const { min, max } = config.versions
    const versions = Array.from({ length: max - min + 1 }, (_, index) => min + index)
    await writeJunit(junit, toCompatibilityJunit(report, versions))
  }
  if (json !== undefined) {
    printJson({ file, state, ...report })
    return
  }
  process.stdout.write(formatCompatibility(report, file))
  if (update !== undefined) process.stdout.write(`${file}: ${state}\n`)
  if (github !== undefined) process.stdout.write(toAnnotations(report, file))
}

async function writeJunit(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
    throw new CouldNotCheckError(`${file} cannot be written (${code}); name another file with --junit.`, { cause })
  }
}

function printJson(value: object): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`)
}
