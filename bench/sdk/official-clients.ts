import { fileURLToPath } from 'node:url'
import type { WireLine } from '@openshell-ts/sdk'
import { installPythonClient } from '../../tests/peers/python-client.js'
import { type Comparison, fasterAtLeast } from '../comparison.js'
import { GatewayCommand } from '../gateway-command.js'
import { summarizeSamples } from '../summarize-samples.js'
import { type ClientTask, getsInARow } from './client-tasks.js'
import { TimedClient } from './timed-client.js'

// The gateway is new when its first clients come, and so are these.
const warmUps = 2

const officialClients: Readonly<Record<WireLine, { version: string; requirements: string }>> = {
  '0.0': { version: '0.0.116', requirements: 'requirements-0.0.txt' },
  '0.1': { version: '0.1.5', requirements: 'requirements-0.1.txt' },
}

const tasks: readonly { readonly name: ClientTask; readonly title: string; readonly rounds: number }[] = [
  { name: 'first-output', title: 'create until the first output of a command', rounds: 15 },
  { name: 'gets', title: `${getsInARow} reads of a sandbox, one after the other`, rounds: 9 },
  { name: 'output', title: '64 MiB of output', rounds: 9 },
]

/**
 * The client beside the official Python client of a line, on one gateway, each in a process of its own and in turns; nothing where
 * Python is missing.
 */
export async function officialClientCost(line: WireLine): Promise<readonly Comparison[]> {
  const { version, requirements } = officialClients[line]
  const python = await installPythonClient(
    fileURLToPath(new URL(`../../tests/peers/scripts/${requirements}`, import.meta.url)),
  )
  if (python.type === 'missing') {
    console.log(`\nThe official client ${version} was left out: ${python.reason}.`)
    return []
  }
  await using server = await GatewayCommand.start(line)
  const address = `127.0.0.1:${server.port}`
  await using own = new TimedClient(process.execPath, [builtFile('own-client.mjs'), address, line])
  await using official = new TimedClient(python.python, [builtFile('../sdk/official-client.py'), address])
  const comparisons: Comparison[] = []
  for (const { name, title, rounds } of tasks) {
    const samples: [number[], number[]] = [[], []]
    for (let round = 0; round < warmUps + rounds; round += 1) {
      samples[0].push(await own.time(name, round))
      samples[1].push(await official.time(name, round))
    }
    const ownTiming = summarizeSamples(`${title}, this client`, samples[0].slice(warmUps))
    const theirs = summarizeSamples(`${title}, official client ${version}`, samples[1].slice(warmUps))
    comparisons.push({ title, timings: [ownTiming, theirs], verdicts: [fasterAtLeast(ownTiming, theirs, 1)] })
  }
  return comparisons
}

/** A file, as seen from where this one is built. */
function builtFile(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}
