import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { OpenShellClient, type WireLine } from '@openshell-ts/sdk'
import { installPythonClient } from '../../tests/peers/python-client.js'
import { type Comparison, fasterAtLeast } from '../comparison.js'
import { GatewayCommand } from '../gateway-command.js'
import { summarizeSamples } from '../summarize-samples.js'

const execute = promisify(execFile)
const MIB = 1024 * 1024
const getsInARow = 1_000
const outputBytes = 64 * MIB
// The gateway is new when its first client comes.
const warmUps = 1

const officialClients: Readonly<Record<WireLine, { version: string; requirements: string }>> = {
  '0.0': { version: '0.0.116', requirements: 'requirements-0.0.txt' },
  '0.1': { version: '0.1.5', requirements: 'requirements-0.1.txt' },
}

interface Task {
  readonly name: 'first-output' | 'gets' | 'output'
  readonly title: string
  readonly repetitions: number
  run(client: OpenShellClient, repetition: number): Promise<void>
}

const tasks: readonly Task[] = [
  {
    name: 'first-output',
    title: 'create until the first output of a command',
    repetitions: 15,
    async run(client, repetition) {
      const sandbox = await client.sandboxes.create({ name: `own-${repetition}` })
      const { stdoutText } = await sandbox.commands.run(['echo', 'first'])
      if (stdoutText !== 'first\n') throw new Error('The command printed something else.')
    },
  },
  {
    name: 'gets',
    title: `${getsInARow} reads of a sandbox, one after the other`,
    repetitions: 5,
    async run(client) {
      for (let count = 0; count < getsInARow; count += 1) await client.sandboxes.get('own-0')
    },
  },
  {
    name: 'output',
    title: '64 MiB of output',
    repetitions: 5,
    async run(client) {
      const sandbox = await client.sandboxes.get('own-0')
      const command = ['head', '-c', String(outputBytes), '/dev/zero']
      const { stdout } = await sandbox.commands.run(command, { maxOutputBytes: outputBytes })
      if (stdout.length !== outputBytes) throw new Error(`${stdout.length} bytes came in place of ${outputBytes}.`)
    },
  },
]

/** The client beside the official Python client of a line, on one gateway; nothing where Python is missing. */
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
  await using client = await OpenShellClient.connect({ endpoint: `http://${address}`, wireLine: line })
  const comparisons: Comparison[] = []
  for (const task of tasks) {
    const own = summarizeSamples(`${task.title}, this client`, await timesOf(task, client))
    const official = await officialTimesOf(task, python.python, address)
    const theirs = summarizeSamples(`${task.title}, official client ${version}`, official)
    comparisons.push({ title: task.title, timings: [own, theirs], verdicts: [fasterAtLeast(own, theirs, 1)] })
  }
  return comparisons
}

async function timesOf(task: Task, client: OpenShellClient): Promise<number[]> {
  const samples: number[] = []
  for (let repetition = 0; repetition < warmUps + task.repetitions; repetition += 1) {
    const startedAt = performance.now()
    await task.run(client, repetition)
    samples.push(performance.now() - startedAt)
  }
  return samples.slice(warmUps)
}

async function officialTimesOf(task: Task, python: string, address: string): Promise<number[]> {
  const program = fileURLToPath(new URL('../sdk/official-client.py', import.meta.url))
  const { stdout } = await execute(python, [program, address, task.name, String(warmUps + task.repetitions)], {
    timeout: 300_000,
  })
  return JSON.parse(stdout).slice(warmUps)
}
