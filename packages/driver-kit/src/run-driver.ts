import { stripVTControlCharacters } from 'node:util'
import { suggestNames } from '@openshell-ts/driver-config'
import { defineCommand, type ParsedArgs, renderUsage } from 'citty'
import { CommandLineError } from './cli/command-line-error.js'
import type { CommandNode } from './cli/command-node.js'
import { CouldNotCheckError } from './cli/config-file/could-not-check-error.js'
import { driverCommand } from './cli/driver-command.js'
import { ignoreClosedPipe } from './cli/ignore-closed-pipe.js'
import { ConformanceError } from './conformance/conformance-error.js'
import type { Driver } from './driver/driver.js'
import type { SettingDefinitions } from './driver/driver-settings.js'

/** How `runDriver` is called. */
export interface RunDriverOptions {
  /** The words after the program's name. Those of the process when absent. */
  readonly argv?: readonly string[]
  /**
   * Sets OpenTelemetry up for the collector at an http or https URL, before the driver serves, and resolves with what sends the
   * rest when it has ended. `serve` has `--otlp-endpoint` only with it: the kit itself brings no exporter. Not called without
   * the flag and its variable, `OTEL_EXPORTER_OTLP_ENDPOINT`.
   */
  readonly startTracing?: (endpoint: string) => Promise<() => Promise<void>>
}

/**
 * Runs the driver's command line, each command with `--help`: `serve`; `config schema`, `config docs`, `config check`,
 * `config lint`, `config migrate` and `config explain`; `conformance`. This is a program's last statement: after `serve` the process ends with code 0. A failure
 * prints one sentence on stderr and sets exit code 1, or 2 when the command line itself is wrong, or 3 when a check could not
 * be done.
 */
export async function runDriver<Current, Definitions extends SettingDefinitions>(
  driver: Driver<Current, Definitions>,
  { argv = process.argv.slice(2), startTracing }: RunDriverOptions = {},
): Promise<void> {
  const root = driverCommand(driver as unknown as Driver, startTracing)
  ignoreClosedPipe()
  try {
    if (argv.length === 1 && argv[0] === '--version') process.stdout.write(`${driver.version}\n`)
    else await run(root, [`${driver.name}-driver`], argv)
  } catch (error) {
    process.stderr.write(`${driver.name}-driver: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = exitCodeOf(error)
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommandLineError || error instanceof ConformanceError) return 2
  return error instanceof CouldNotCheckError ? 3 : 1
}

async function run(node: CommandNode, path: readonly string[], argv: readonly string[]): Promise<void> {
  const [word, ...rest] = argv
  const names = Object.keys(node.commands)
  if (names.length > 0 && word !== undefined && !word.startsWith('-')) {
    const next = node.commands[word]
    if (next === undefined) throw unknownCommand(word, names)
    await run(next, [...path, word], rest)
  } else if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(await help(node, path.slice(0, -1).join(' ')))
  } else if (names.length > 0) {
    throw missingCommand(word, names)
  } else {
    // Each command reads its words by itself: its refusals say what to write, and have the right exit code.
    await node.command.run?.({ rawArgs: [...argv], args: {} as ParsedArgs, cmd: node.command })
  }
}

async function help(node: CommandNode, parentName: string): Promise<string> {
  const usage = await renderUsage(node.command, defineCommand({ meta: { name: parentName } }))
  const shown = process.stdout.isTTY ? usage : stripVTControlCharacters(usage)
  const examples = section(
    'EXAMPLES',
    node.examples.map((example) => `  ${example}`),
  )
  const { exitCodes = {} } = node
  const codes = Object.entries(exitCodes).map(([code, meaning]) => `  ${code}    ${meaning}`)
  return `${shown}${examples}${section('EXIT CODES', codes)}`
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n${title}\n\n${lines.join('\n')}\n`
}

function unknownCommand(word: string, known: readonly string[]): CommandLineError {
  const [nearest] = suggestNames(word, known)
  const hint = nearest === undefined ? `commands: ${known.join(', ')}` : `did you mean "${nearest}"?`
  return new CommandLineError(`Unknown command "${word}"; ${hint}`)
}

function missingCommand(word: string | undefined, known: readonly string[]): CommandLineError {
  if (word !== undefined)
    return new CommandLineError(`Unknown flag ${word}; write a command first: ${known.join(', ')}.`)
  return new CommandLineError(`Write a command: ${known.join(', ')}. See --help.`)
}
