import { parseArgs } from 'node:util'

/** What the command line asks for. */
export interface BenchArguments {
  /** The suites to run, in the order of the list of all. */
  readonly names: readonly string[]
  /** Where the results go as JSON, besides the text. */
  readonly json?: string
  /** Whether the description of the command is asked for, and nothing is run. */
  readonly help: boolean
}

/**
 * Reads `[NAME…] [--json FILE] [--help]`; no name means all suites.
 *
 * @throws Error that lists the names for one that does not exist.
 */
export function readArguments(argv: readonly string[], known: readonly string[]): BenchArguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { json: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
    allowPositionals: true,
  })
  const unknown = positionals.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new Error(`There is no benchmark "${unknown}". Choose from: ${known.join(', ')}.`)
  const names = positionals.length === 0 ? known : known.filter((name) => positionals.includes(name))
  const { help, json } = values
  return json === undefined ? { names, help } : { names, help, json }
}

/** The description of the command. */
export function usageText(known: readonly string[]): string {
  return `Benchmarks as ratios against a baseline that is measured in the same run.

  npm run bench -- [NAME…] [--json FILE]

Names     ${known.join(', ')}; all of them when none is given
--json    also writes machine, samples and ratios into a file

A missed target is printed as MISSED; the exit code is 0 all the same. What the numbers mean: bench/README.md

  npm run bench -- sdk
  npm run bench -- driver-config --json out.json
`
}
