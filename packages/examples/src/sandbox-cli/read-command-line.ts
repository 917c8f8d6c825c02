import { parseArgs } from 'node:util'
import { UsageError } from '../usage-error.js'
import { CONNECTION_FLAGS } from './connection-flags.js'
import type { FlagValues } from './flag.js'
import type { Subcommand } from './subcommand.js'

/** A command line that was understood. */
export interface CommandLine {
  readonly flags: FlagValues<typeof CONNECTION_FLAGS>
  readonly words: Readonly<Record<string, string>>
  readonly command: readonly string[]
}

/**
 * Reads what follows the name of a subcommand.
 *
 * @throws UsageError for unknown flags, and for words that are missing or too many.
 */
export function readCommandLine({ flags, words, command }: Subcommand, argv: readonly string[]): CommandLine {
  const end = argv.indexOf('--')
  const own = end === -1 ? argv : argv.slice(0, end)
  const { values, positionals } = parse(own, { ...flags, ...CONNECTION_FLAGS })
  const behind = end === -1 ? [] : argv.slice(end + 1)
  if (values.help) return { flags: values, words: {}, command: behind }
  const names = Object.keys(words)
  const missing = names[positionals.length]
  if (missing !== undefined) throw new UsageError(`Write ${missing}.`)
  if (positionals.length > names.length) {
    const hint = command === undefined ? '' : ' A command comes behind --, as in: -- ls -l'
    const known =
      names.length === 0 ? 'This takes flags only, no words.' : `There are more words than ${names.join(' and ')}.`
    throw new UsageError(`${known}${hint}`)
  }
  if (command === undefined && end !== -1) throw new UsageError('Nothing may stand behind --.')
  if (command === 'required' && behind.length === 0)
    throw new UsageError('Write the command behind --, as in: -- ls -l')
  return {
    flags: values,
    words: Object.fromEntries(names.map((name, index) => [name, positionals[index] ?? ''])),
    command: behind,
  }
}

function parse(args: readonly string[], options: Subcommand['flags'] & typeof CONNECTION_FLAGS) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split(/\.\s/)
    throw new UsageError(`${sentence}.`)
  }
}
