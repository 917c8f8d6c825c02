import { readFile, writeFile } from 'node:fs/promises'
import { selectCases } from '../conformance/all-cases.js'
import { ConformanceError } from '../conformance/conformance-error.js'
import type { ConformanceReport } from '../conformance/conformance-report.js'
import { formatReport } from '../conformance/format-report.js'
import { toJunitXml } from '../conformance/junit-report.js'
import { readPublishedIndex } from '../conformance/published-index.js'
import { type RunConformanceOptions, runConformance } from '../conformance/run-conformance.js'
import { wireLines } from '../conformance/wire-line.js'
import { conformanceUsage, readConformanceCommandLine } from './conformance-command-line.js'
import { ConformanceProgress } from './conformance-progress.js'
import { type ExaminedDriver, examineDriver } from './examine-driver.js'
import type { CommandLineValues } from './read-flags.js'

const exitCodes = { passed: 0, failed: 1, notExamined: 2 }

/** Runs `openshell-driver`. Resolves with the exit code; never rejects. */
export async function runConformanceCommand(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(conformanceUsage)
    return exitCodes.passed
  }
  try {
    const { socketPath, values } = readConformanceCommandLine(argv)
    return await runSuite(socketPath, values)
  } catch (error) {
    process.stderr.write(`openshell-driver: ${error instanceof Error ? error.message : String(error)}\n`)
    return exitCodes.notExamined
  }
}

/**
 * Runs the suite with the values of its flags, prints its report and resolves with the exit code. `index` stands in for the
 * flag of that name.
 *
 * @throws CommandLineError for values that do not fit together, ConformanceError when the suite cannot run.
 */
export async function runSuite(
  socketPath: string | undefined,
  values: CommandLineValues,
  { index: known }: { readonly index?: unknown } = {},
): Promise<number> {
  const index = values['index'] === undefined ? known : await readJsonFile(values['index'])
  const { vectors } = values
  const options = {
    ...readOptions(values),
    ...(vectors === undefined ? {} : { vectors: await readJsonFile(vectors) }),
  }
  if (values['list'] !== undefined) return printCases(index, options)
  await using driver = await examineDriver(socketPath, values)
  return await examine(driver, index, { values, options })
}

async function examine(
  { socketPath, restart }: ExaminedDriver,
  index: unknown,
  { values, options }: { readonly values: CommandLineValues; readonly options: RunConformanceOptions },
): Promise<number> {
  const progress = new ConformanceProgress()
  const interrupt = listenForSignals()
  try {
    const report = await runConformance(socketPath, index, {
      ...options,
      ...(restart === undefined ? {} : { restart }),
      signal: interrupt.signal,
      onResult: progress.tell,
    })
    progress.clear()
    await writeReports(report, values)
    if (report.counts.fail > 0) return exitCodes.failed
    return report.interrupted ? exitCodes.notExamined : exitCodes.passed
  } finally {
    progress.clear()
    interrupt.stop()
  }
}

/** The first signal ends the run with a report; the second one ends the process at once. */
function listenForSignals() {
  const controller = new AbortController()
  const end = () => {
    if (controller.signal.aborted) process.exit(exitCodes.notExamined)
    controller.abort()
    process.stderr.write('\nEnding: removing the sandboxes of the suite. Once more ends at once.\n')
  }
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of names) process.on(name, end)
  return {
    signal: controller.signal,
    stop() {
      for (const name of names) process.off(name, end)
    },
  }
}

async function writeReports(report: ConformanceReport, { json, junit }: CommandLineValues): Promise<void> {
  const text = `${JSON.stringify(report, undefined, 2)}\n`
  if (json !== undefined && json !== '-') await writeFile(json, text)
  if (junit !== undefined) await writeFile(junit, toJunitXml(report))
  // A program that reads the JSON wants nothing else on stdout.
  if (json === '-') process.stdout.write(text)
  process[json === '-' ? 'stderr' : 'stdout'].write(`${formatReport(report)}\n`)
}

function printCases(index: unknown, { lines = wireLines, only, vectors }: RunConformanceOptions): number {
  const selected = selectCases(index === undefined ? undefined : readPublishedIndex(index), { lines, only, vectors })
  const cases = new Map([...selected.values()].flat().map(({ id, title }) => [id, title]))
  for (const [id, title] of cases) process.stdout.write(`${id.padEnd(36)} ${title}\n`)
  return exitCodes.passed
}

function readOptions(values: CommandLineValues): RunConformanceOptions {
  const { line, image } = values
  const lines = wireLines.filter((known) => line === 'both' || line === known)
  const names = [values['group'], values['case']].flatMap((list) => list?.split(',') ?? [])
  return {
    lines,
    ...(names.length === 0 ? {} : { only: names.map((name) => name.trim()) }),
    ...(image === undefined ? {} : { image }),
    concurrency: Number(values['concurrency']),
    timeoutMs: Number(values['timeout-ms']),
  }
}

async function readJsonFile(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ConformanceError('index-invalid', `The file ${path} cannot be read as JSON: ${reason}`, cause)
  }
}
