import type { OpenShellClient } from '@openshell-ts/sdk'
import { UsageError } from '../usage-error.js'
import { openClient } from './connection-flags.js'
import { overview, PROGRAM, subcommandHelp } from './help-texts.js'
import { type CommandLine, readCommandLine } from './read-command-line.js'
import { createReport } from './report.js'
import type { Subcommand } from './subcommand.js'
import { SUBCOMMANDS } from './subcommands.js'
import type { Surroundings } from './surroundings.js'

const USAGE_CODE = 2

/** Runs a command line and returns the exit code. */
export async function runSandboxCli(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const [name = '', ...rest] = argv
  if (name === '--help' || name === '-h') {
    surroundings.stdout.write(overview(SUBCOMMANDS))
    return 0
  }
  try {
    const subcommand = findSubcommand(name)
    const line = readCommandLine(subcommand, rest)
    if (!line.flags.help) return await perform(subcommand, line, surroundings)
    surroundings.stdout.write(subcommandHelp(name, subcommand))
    return 0
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const path = Object.hasOwn(SUBCOMMANDS, name) ? ` ${name}` : ''
    surroundings.stderr.write(`${error.message} See ${PROGRAM}${path} --help\n`)
    return USAGE_CODE
  }
}

function findSubcommand(name: string): Subcommand {
  const found = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined
  if (found) return found
  throw new UsageError(`Write one of these commands first: ${Object.keys(SUBCOMMANDS).join(', ')}.`)
}

async function perform(subcommand: Subcommand, line: CommandLine, surroundings: Surroundings): Promise<number> {
  const report = createReport(surroundings, line.flags.json === true)
  let left = 'Nothing was changed.'
  const remains = (sentence: string) => {
    left = sentence
  }
  let client: OpenShellClient | undefined
  const connect = async () => {
    client ??= await openClient(line.flags, surroundings)
    return client
  }
  try {
    return await subcommand.run({ ...surroundings, ...line, connect, report, remains })
  } catch (error) {
    if (error instanceof UsageError) throw error
    if (surroundings.signal.aborted) {
      report.note(`Interrupted. ${left}`)
      return surroundings.interruptCode()
    }
    report.fail(error)
    return subcommand.failureCode ?? 1
  } finally {
    await client?.close()
  }
}
