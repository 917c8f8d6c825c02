import { readFile, writeFile } from 'node:fs/promises'
import { suggestNames } from '@openshell-ts/driver-config'
import type { WireLine } from '../conformance/conformance-case.js'
import { ConformanceError } from '../conformance/conformance-error.js'
import { formatReport } from '../conformance/format-report.js'
import { toJunitXml } from '../conformance/junit-report.js'
import { type RunConformanceOptions, runConformance } from '../conformance/run-conformance.js'
import { CommandLineError } from './command-line-error.js'
import type { Flags } from './flag.js'
import { readFlags } from './read-flags.js'

const exitCodes = { passed: 0, failed: 1, usage: 2, notChecked: 3 }

const flags = {
  line: { description: 'Line of the gateway to speak as: 0.0 or 0.1.', hint: 'LINE', default: '0.0' },
  index: {
    description: 'File with the driver\'s published schemas, as its "config schema" prints them.',
    hint: 'FILE',
  },
  json: { description: 'Write the report as JSON to this file.', hint: 'FILE' },
  junit: { description: 'Write the report as JUnit XML to this file.', hint: 'FILE' },
  filter: { description: 'Only this group or case.', hint: 'GROUP/CASE' },
  image: { description: 'Image that sandboxes ask for; none by default.', hint: 'IMAGE' },
  'timeout-ms': { description: 'How long one answer or event may take.', hint: 'MS', default: '60000' },
} as const satisfies Flags

/** The help of `openshell-driver`. */
export const conformanceUsage = `Usage: openshell-driver conformance SOCKET [options]

Examines the compute driver that serves on a Unix socket, in any language, as a gateway would use it.
It creates sandboxes and deletes them again; other sandboxes are left alone.

Options:
${Object.entries(flags)
  .map(([name, flag]) => `  ${`--${name} ${flag.hint}`.padEnd(20)} ${flag.description}`)
  .join('\n')}

Exit codes: 0 nothing failed, 1 a case failed, 2 wrong command line, 3 could not check.

Examples:
  openshell-driver conformance /run/acme/compute.sock
  openshell-driver conformance /run/acme/compute.sock --line 0.1 --junit report.xml
  acme-driver config schema > index.json
  openshell-driver conformance /run/acme/compute.sock --index index.json --filter marker
`

/** Runs `openshell-driver`. Resolves with the exit code; never rejects. */
export async function runConformanceCommand(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(conformanceUsage)
    return exitCodes.passed
  }
  try {
    return await examine(readSocket(argv), readFlags(flags, argv.slice(2), {}))
  } catch (error) {
    process.stderr.write(`openshell-driver: ${error instanceof Error ? error.message : String(error)}\n`)
    return error instanceof CommandLineError ? exitCodes.usage : exitCodes.notChecked
  }
}

async function examine(socketPath: string, values: Record<string, string | undefined>): Promise<number> {
  const report = await runConformance(socketPath, await readOptions(values))
  if (values['json'] !== undefined) await writeFile(values['json'], `${JSON.stringify(report, undefined, 2)}\n`)
  if (values['junit'] !== undefined) await writeFile(values['junit'], toJunitXml(report))
  process.stdout.write(`${formatReport(report)}\n`)
  return report.counts.fail === 0 ? exitCodes.passed : exitCodes.failed
}

function readSocket(argv: readonly string[]): string {
  const [command, socketPath] = argv
  if (command !== 'conformance') {
    const [nearest] = command === undefined ? [] : suggestNames(command, ['conformance'])
    const wrong = command === undefined ? 'Write a command' : `Unknown command "${command}"`
    throw new CommandLineError(`${wrong}; ${nearest ? `did you mean "${nearest}"?` : 'the command is conformance.'}`)
  }
  if (socketPath === undefined || socketPath.startsWith('-')) {
    throw new CommandLineError("Write the path of the driver's socket after the command; see --help.")
  }
  return socketPath
}

async function readOptions(values: Record<string, string | undefined>): Promise<RunConformanceOptions> {
  const { index, filter, image } = values
  return {
    line: readLine(values['line']),
    timeoutMs: readTimeout(values['timeout-ms']),
    ...(index === undefined ? {} : { index: await readIndex(index) }),
    ...(filter === undefined ? {} : { filter }),
    ...(image === undefined ? {} : { image }),
  }
}

function readLine(line: string | undefined): WireLine {
  if (line === '0.0' || line === '0.1') return line
  throw new CommandLineError(`--line must be 0.0 or 0.1; got "${line}".`)
}

function readTimeout(text = ''): number {
  const timeoutMs = Number(text)
  if (/^\d+$/.test(text) && timeoutMs >= 1 && timeoutMs <= 2 ** 31 - 1) return timeoutMs
  throw new CommandLineError(`--timeout-ms must be a whole number of milliseconds from 1; got "${text}".`)
}

async function readIndex(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ConformanceError('index-invalid', `The file ${path} cannot be read as JSON: ${reason}`, cause)
  }
}
