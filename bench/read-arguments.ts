import { parseArgs } from 'node:util'

/** What the command line asks for. */
export interface BenchArguments {
  /** The suites to run, in the order of the list of all. */
  readonly names: readonly string[]
  /** Where the results go as JSON, besides the text. */
  readonly json?: string
}

/**
 * Reads `[NAME…] [--json FILE]`; no name means all suites.
 *
 * @throws Error that lists the names for one that does not exist.
 */
export function readArguments(argv: readonly string[], known: readonly string[]): BenchArguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { json: { type: 'string' } },
    allowPositionals: true,
  })
  const unknown = positionals.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new Error(`There is no benchmark "${unknown}". Choose from: ${known.join(', ')}.`)
  const names = positionals.length === 0 ? known : known.filter((name) => positionals.includes(name))
  return values.json === undefined ? { names } : { names, json: values.json }
}
