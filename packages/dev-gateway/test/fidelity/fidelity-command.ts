import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { agreementPerArea, formatFidelity } from './format-fidelity.js'
import { readKnownDifferences } from './known-differences.js'
import { type Recording, readRecordings } from './recording.js'
import { isAsExpected, type ReplayResult, replayAll } from './replay-all.js'

const usage = `npm run fidelity [-- DIR] [options]: replays recorded scenarios of the real gateway against dev-gateway.

  DIR               a folder of .jsonl recordings (default: those of this repository)
  --area NAME       only this area; more than once for several
  --scenario ID     only this scenario; more than once for several
  --json            print the results as JSON
  --help            print this

Exit code 0 when every scenario does what is expected of it, 1 when one outside the list of known differences differs or
one on the list agrees, 2 when the command line cannot be understood.

Examples
  npm run fidelity
  npm run fidelity -- --area watch --area trailers
  npm run fidelity -- --scenario session/relist --json | jq .
`

/**
 * Runs the command: replays recordings, hands what is to be printed to `print`, and returns the exit code.
 *
 * @throws Error in one sentence when the command line or a recording cannot be understood.
 */
export async function runFidelityCommand(argv: readonly string[], print: (text: string) => void): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      area: { type: 'string', multiple: true, default: [] },
      scenario: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    print(usage)
    return 0
  }
  const [directory = fileURLToPath(new URL('../data/scenarios', import.meta.url)), ...others] = positionals
  if (others.length > 0)
    throw new TypeError(`One folder of recordings is enough, but ${positionals.length} were given.`)
  const results = await replayInOrder(chosen(readRecordings(directory), values))
  print(values.json ? asJson(results) : `${formatFidelity(results)}\n`)
  return results.every(isAsExpected) ? 0 : 1
}

function chosen(
  recordings: readonly Recording[],
  { area, scenario }: { readonly area: readonly string[]; readonly scenario: readonly string[] },
): readonly Recording[] {
  refuseUnknown('area', area, new Set(recordings.map((recording) => recording.area)))
  refuseUnknown('scenario', scenario, new Set(recordings.map(({ id }) => id)))
  if (area.length + scenario.length === 0) return recordings
  return recordings.filter((recording) => area.includes(recording.area) || scenario.includes(recording.id))
}

function refuseUnknown(what: string, names: readonly string[], known: ReadonlySet<string>): void {
  const unknown = names.find((name) => !known.has(name))
  if (unknown === undefined) return
  const hint = what === 'area' ? `; there are ${[...known].join(', ')}` : ''
  throw new TypeError(`There is no ${what} "${unknown}" in these recordings${hint}.`)
}

async function replayInOrder(recordings: readonly Recording[]): Promise<ReplayResult[]> {
  const running = replayAll(recordings, readKnownDifferences())
  const results = await Promise.all(recordings.map(({ id }) => running.get(id)))
  return results.filter((result) => result !== undefined)
}

function asJson(results: readonly ReplayResult[]): string {
  return `${JSON.stringify({ areas: agreementPerArea(results), scenarios: results }, undefined, 2)}\n`
}
