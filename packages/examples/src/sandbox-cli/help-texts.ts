import { CONNECTION_FLAGS } from './connection-flags.js'
import type { Flags } from './flag.js'
import type { Subcommand } from './subcommand.js'

/** The name of the program. */
export const PROGRAM = 'sandbox-cli'

/** What `sandbox-cli --help` prints. */
export function overview(subcommands: Readonly<Record<string, Subcommand>>): string {
  const rows = Object.entries(subcommands).map(([name, { summary }]) => [name, summary] as const)
  return `Works with the sandboxes of an OpenShell gateway.

Usage: ${PROGRAM} COMMAND [options]

Commands
${table(rows)}

${PROGRAM} COMMAND --help tells more, with examples. Without --gateway and --endpoint the gateway is that of the environment, else the
one that was selected with the OpenShell command line tool.
`
}

/** What `--help` of a subcommand prints. */
export function subcommandHelp(
  name: string,
  { summary, words, flags, command, examples, exitCodes }: Subcommand,
): string {
  const behind = command === 'required' ? ['-- COMMAND...'] : command === 'optional' ? ['[-- COMMAND...]'] : []
  const usage = [PROGRAM, name, ...Object.keys(words), '[options]', ...behind].join(' ')
  const codes = { 0: 'done', ...exitCodes, 2: 'the command line is wrong' }
  const sections = [
    `${summary}`,
    `Usage: ${usage}`,
    section('Words', Object.entries(words)),
    section('Options', flagRows(flags)),
    section('Gateway', flagRows(CONNECTION_FLAGS)),
    section('Exit codes', Object.entries(codes)),
    `Examples\n${examples.map((example) => `  ${PROGRAM} ${example}`).join('\n')}`,
  ]
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`
}

type Row = readonly [name: string, description: string]

function flagRows(flags: Flags): Row[] {
  return Object.entries(flags).map(([name, { hint, multiple, description }]) => [
    `--${name}${hint === undefined ? '' : ` ${hint}`}`,
    `${description}${multiple ? '; may be repeated' : ''}`,
  ])
}

function section(title: string, rows: readonly Row[]): string {
  return rows.length === 0 ? '' : `${title}\n${table(rows)}`
}

function table(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, description]) => `  ${name.padEnd(width)}  ${description}`).join('\n')
}
