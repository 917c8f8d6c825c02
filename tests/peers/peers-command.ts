import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { peerProblems, readPeerExceptions } from './peer-exceptions.js'
import { type PeerLine, peerLines } from './peer-lines.js'
import { type PeerResult, summaryOf } from './peer-script.js'
import { runPeer } from './run-peer.js'
import { scenarioNames } from './split-scenarios.js'

const usage = `npm run peers [-- WORD...] [options]: the official Python clients against dev-gateway.

  WORD          only scenarios whose names contain it; several are possible
  --line LINE   only the client of this line: 0.0 or 0.1 (default: all that the gateway speaks)
  --help        print this

Exit code 0 when every scenario passes or is a listed exception, 1 when not, or when a client cannot be installed here,
2 when the command line cannot be understood.

Examples
  npm run peers
  npm run peers -- exec --line 0.1
`

/**
 * Runs the command, hands what is to be printed to `print`, and returns the exit code.
 *
 * @throws Error in one sentence when the command line cannot be understood.
 */
export async function runPeersCommand(argv: readonly string[], print: (text: string) => void): Promise<number> {
  const { values, positionals: filters } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { line: { type: 'string' }, help: { type: 'boolean', default: false } },
  })
  if (values.help) {
    print(usage)
    return 0
  }
  const peers = chosen(values.line)
  await checkFilters(peers, filters)
  const problems = await Promise.all(peers.map((peer) => tryPeer(peer, filters, print)))
  return problems.every((count) => count === 0) ? 0 : 1
}

function chosen(line: string | undefined): readonly PeerLine[] {
  if (line === undefined) return peerLines.filter(({ served }) => served)
  const peer = peerLines.find((candidate) => candidate.line === line)
  if (peer) return [peer]
  throw new TypeError(`There is no line "${line}"; there are ${peerLines.map((entry) => entry.line).join(' and ')}.`)
}

// A run without a scenario would look like one in which nothing failed.
async function checkFilters(peers: readonly PeerLine[], filters: readonly string[]): Promise<void> {
  const texts = await Promise.all(
    peers.map(({ script }) => readFile(new URL(`../peers/scripts/${script}`, import.meta.url), 'utf8')),
  )
  const names = texts.flatMap(scenarioNames)
  const unknown = filters.find((filter) => !names.some((name) => name.includes(filter)))
  if (unknown !== undefined) throw new TypeError(`No scenario has "${unknown}" in its name; leave it out to run all.`)
}

// Lines run side by side, so whatever is printed says of which it is.
async function tryPeer(peer: PeerLine, filters: readonly string[], print: (text: string) => void): Promise<number> {
  const say = (text: string) => print(`${peer.client}: ${text}\n`)
  const run = await runPeer(peer, { filters, onResult: (result) => say(formatResult(result)) })
  if (run.type === 'skipped') {
    say(`SKIPPED: ${run.reason}.`)
    return 1
  }
  const ran = new Set(run.results.map(({ scenario }) => scenario))
  // A choice of scenarios leaves listed ones out.
  const exceptions = readPeerExceptions().filter(({ scenario }) => filters.length === 0 || ran.has(scenario))
  const problems = peerProblems(peer.line, run.results, exceptions)
  for (const problem of problems) say(`not as expected: ${problem}`)
  say(`${summaryOf(run.results)}; ${problems.length} not as expected`)
  return problems.length
}

function formatResult({ scenario, outcome, detail }: PeerResult): string {
  return `${outcome} ${scenario}${detail === '' ? '' : `: ${detail}`}`
}
