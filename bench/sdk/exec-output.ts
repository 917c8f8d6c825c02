import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { OpenShellClient, type Sandbox } from '@openshell-ts/sdk'
import { alternateTurns } from '../alternate-turns.js'
import { atMost, type Comparison, slowerAtMost } from '../comparison.js'
import { GatewayCommand } from '../gateway-command.js'
import { runChild } from '../run-child.js'
import { createRawClient } from './raw-client.js'

const MIB = 1024 * 1024
const outputBytes = 256 * MIB
const command = ['head', '-c', String(outputBytes), '/dev/zero']
const rounds = 3
const memoryRounds = 3

/** Large output of a command: speed against the raw stream, memory of the client, and what a slow reader holds back. */
export async function execOutput(): Promise<readonly Comparison[]> {
  await using server = await GatewayCommand.start('0.0')
  await using client = await OpenShellClient.connect({ endpoint: `http://127.0.0.1:${server.port}`, wireLine: '0.0' })
  const sandbox = await client.sandboxes.create({ name: 'box' })
  const raw = createRawClient(server.port)
  const own = { name: '256 MiB through commands.start', run: () => readAll(sandbox) }
  const bare = {
    name: '256 MiB through execSandbox of connect-node',
    async run() {
      let bytes = 0
      for await (const { payload } of raw.execSandbox({ sandboxId: sandbox.id, command })) {
        if (payload.case === 'stdout') bytes += payload.value.data.length
      }
      expectAll(bytes)
    },
  }
  const [ownTiming, bareTiming] = await alternateTurns([own, bare], { rounds })
  return [
    {
      title: 'large output of a command',
      timings: [ownTiming, bareTiming],
      verdicts: [slowerAtMost(ownTiming, bareTiming, 1 / 0.9)],
    },
    {
      title: 'memory of the client meanwhile, in its process alone',
      timings: [],
      verdicts: [
        atMost(
          'resident memory above idle while 256 MiB pass, median of 7',
          typicalGrowth(server.port) / MIB,
          'MiB',
          40,
        ),
        atMost('bytes taken from a producer whose reader stands still', await takenAhead(sandbox), 'MiB', 16),
      ],
    },
  ]
}

async function readAll(sandbox: Sandbox): Promise<void> {
  let bytes = 0
  for await (const event of await sandbox.commands.start(command)) {
    if (event.type === 'stdout') bytes += event.data.length
  }
  expectAll(bytes)
}

function expectAll(bytes: number): void {
  if (bytes !== outputBytes) throw new Error(`${bytes} bytes came in place of ${outputBytes}.`)
}

/** The median of some processes: when the collector runs, and with that the most of each, is a matter of luck. */
function typicalGrowth(port: number): number {
  const growths = Array.from({ length: 2 * memoryRounds + 1 }, () => memoryGrowth(port))
  return growths.sort((one, other) => one - other)[memoryRounds] ?? 0
}

/** The most bytes of resident memory above what the client has when it has done the same once. */
function memoryGrowth(port: number): number {
  return runChild(
    `
    const { OpenShellClient } = await import('@openshell-ts/sdk')
    const client = await OpenShellClient.connect({ endpoint: 'http://127.0.0.1:${port}', wireLine: '0.0' })
    const sandbox = await client.sandboxes.get('box')
    async function peakOf(bytes) {
      let peak = 0
      for await (const event of await sandbox.commands.start(['head', '-c', String(bytes), '/dev/zero'])) {
        peak = Math.max(peak, process.memoryUsage.rss())
      }
      return peak
    }
    await peakOf(${MIB})
    gc()
    const idle = process.memoryUsage.rss()
    console.log((await peakOf(${outputBytes})) - idle)
    await client.close()
    `,
    ['--expose-gc'],
  )
}

/** How many MiB a command has written when its reader has taken the first chunk and stands still. */
async function takenAhead(sandbox: Sandbox): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const progress = join(folder, 'progress')
  // One byte of progress for each MiB of output that has been taken.
  const script = 'for _ in $(seq 256); do head -c 1048576 /dev/zero; printf x >> "$0"; done'
  const handle = await sandbox.commands.start(['sh', '-c', script, progress])
  const reader = handle[Symbol.asyncIterator]()
  try {
    await reader.next()
    let taken = 0
    let before = -1
    while (taken !== before) {
      before = taken
      await delay(1_000)
      taken = statSync(progress, { throwIfNoEntry: false })?.size ?? 0
    }
    return taken
  } finally {
    await reader.return?.()
    rmSync(folder, { recursive: true, force: true })
  }
}
