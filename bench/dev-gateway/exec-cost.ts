import { below, type Comparison, slowerAtMost, type Timing } from '../comparison.js'
import { summarizeSamples } from '../summarize-samples.js'
import { startPlainSsh } from './plain-ssh.js'
import { startSupervisedSandbox } from './supervised-sandbox.js'

const MIB = 1024 * 1024
const outputBytes = 64 * MIB
const rounds = 5
const roundTrips = 50

/** What a command costs that goes through gateway and supervisor: output against ssh2 alone, and one round trip. */
export async function execCost(): Promise<readonly Comparison[]> {
  await using sandbox = await startSupervisedSandbox()
  // First, while the process is small: starting a child costs more the more memory its parent has.
  const trip = await repeat('exec of /bin/true', roundTrips, () => sandbox.exec(['/bin/true']))
  await using ssh = await startPlainSsh()
  const output = () => complete(sandbox.exec(['head', '-c', String(outputBytes), '/dev/zero']))
  const plain = () => complete(ssh.receive(outputBytes))
  const [through, alone] = await alternate([
    { name: '64 MiB of exec output through gateway and supervisor', run: output },
    { name: '64 MiB through ssh2 alone, AES-256-GCM', run: plain },
  ])
  return [
    {
      title: 'exec output, all ends in one process',
      timings: [through, alone],
      verdicts: [slowerAtMost(through, alone, 2)],
    },
    { title: 'exec round trip', timings: [trip], verdicts: [below(trip, 'medianMs', 30)] },
  ]
}

async function complete(received: Promise<number>): Promise<void> {
  const bytes = await received
  if (bytes !== outputBytes) throw new Error(`${bytes} bytes came in place of ${outputBytes}.`)
}

interface SlowTask {
  readonly name: string
  run(): Promise<void>
}

// Turns alternate, so that a slow phase of the machine hits both; the first round warms up.
async function alternate([first, second]: readonly [SlowTask, SlowTask]): Promise<readonly [Timing, Timing]> {
  const samples: [number[], number[]] = [[], []]
  for (let round = 0; round <= rounds; round += 1) {
    const times = [await timed(first.run), await timed(second.run)] as const
    if (round === 0) continue
    samples[0].push(times[0])
    samples[1].push(times[1])
  }
  return [summarizeSamples(first.name, samples[0]), summarizeSamples(second.name, samples[1])]
}

async function repeat(name: string, times: number, run: () => Promise<unknown>): Promise<Timing> {
  const samples: number[] = []
  for (let index = 0; index < times; index += 1) samples.push(await timed(run))
  return summarizeSamples(name, samples)
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await run()
  return performance.now() - startedAt
}
