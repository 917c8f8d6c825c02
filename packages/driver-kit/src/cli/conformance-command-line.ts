import { suggestNames } from '@openshell-ts/driver-config'
import { CommandLineError } from './command-line-error.js'
import { conformanceExitCodes, conformanceFlags } from './conformance-flags.js'
import type { Flag } from './flag.js'
import { type CommandLineValues, readFlags } from './read-flags.js'

const flagHelp = Object.entries<Flag>(conformanceFlags).map(([name, { hint = '', description, default: value }]) => {
  const usual = value === undefined ? '' : ` [${value}]`
  return `  ${`--${name} ${hint}`.padEnd(27)} ${description}${usual}`
})

/** The help of `openshell-driver`. */
export const conformanceUsage = `Usage: openshell-driver conformance [SOCKET] [options]

Examines the compute driver that serves on a Unix socket, in any language, as a gateway would use it.
It creates sandboxes and deletes them again; other sandboxes are left alone.
Ctrl-C removes its sandboxes and reports what ran.

Options:
${flagHelp.join('\n')}

A driver command finds the socket in OPENSHELL_COMPUTE_DRIVER_SOCKET and a folder for its state in OPENSHELL_DRIVER_STATE_DIR;
without SOCKET both lie in a folder that is removed at the end.

Exit codes: ${Object.entries(conformanceExitCodes)
  .map(([code, meaning]) => `${code} ${meaning}`)
  .join('; ')}.

Examples:
  openshell-driver conformance /run/acme/compute.sock
  openshell-driver conformance /run/acme/compute.sock --line 0.1 --junit report.xml
  acme-driver config schema > index.json
  openshell-driver conformance /run/acme/compute.sock --index index.json --group marker,migration
  openshell-driver conformance /run/acme/compute.sock --vectors schemas/acme/conformance.json --group vectors
  openshell-driver conformance /run/acme/compute.sock --case watch/live --json - | jq .counts
  openshell-driver conformance /run/acme/compute.sock --restart-command 'systemctl --user restart acme-driver'
  openshell-driver conformance --driver-command 'exec acme-driver serve' --index index.json
  openshell-driver conformance --driver-command 'exec ./acme --listen "$OPENSHELL_COMPUTE_DRIVER_SOCKET"'
  openshell-driver conformance --list
`

/** What the command line of `openshell-driver` says; `socketPath` is absent when the suite makes one. */
export interface ConformanceCommandLine {
  readonly socketPath: string | undefined
  readonly values: CommandLineValues
}

/** @throws CommandLineError for another command, and for what `readFlags` refuses. */
export function readConformanceCommandLine([command, ...args]: readonly string[]): ConformanceCommandLine {
  if (command !== 'conformance') throw unknownCommand(command)
  const words = { SOCKET: { description: '', optional: true } }
  const { SOCKET: socketPath, ...values } = readFlags(conformanceFlags, args, {}, words)
  return { socketPath, values }
}

function unknownCommand(command: string | undefined): CommandLineError {
  const [nearest] = command === undefined ? [] : suggestNames(command, ['conformance'])
  const wrong = command === undefined ? 'Write a command' : `Unknown command "${command}"`
  return new CommandLineError(`${wrong}; ${nearest ? `did you mean "${nearest}"?` : 'the command is conformance.'}`)
}
