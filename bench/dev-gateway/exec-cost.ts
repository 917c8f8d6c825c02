import { alternateTurns } from '../alternate-turns.js'
import { below, type Comparison, slowerAtMost } from '../comparison.js'
import { startPlainSsh } from './plain-ssh.js'
import { startSupervisedSandbox } from './supervised-sandbox.js'

const MIB = 1024 * 1024
const outputBytes = 64 * MIB
const outputRounds = 5
const tripRounds = 50

/** What a command costs that goes through gateway and supervisor: output against ssh2 alone, and one round trip. */
export async function execCost(): Promise<readonly Comparison[]> {
  await using sandbox = await startSupervisedSandbox()
  await using ssh = await startPlainSsh()
  // First, while the process is small: starting a child costs more the more memory its parent has.
  const [trip, plainTrip] = await alternateTurns(
    [
      { name: 'exec of /bin/true', run: () => sandbox.exec(['/bin/true']) },
      { name: 'ssh2 alone: connect, /bin/true in a login shell', run: () => ssh.login('/bin/true') },
    ],
    { rounds: tripRounds },
  )
  const [through, alone] = await alternateTurns(
    [
      {
        name: '64 MiB of exec output through gateway and supervisor',
        run: () => complete(sandbox.exec(['head', '-c', String(outputBytes), '/dev/zero'])),
      },
      { name: '64 MiB through ssh2 alone, AES-256-GCM', run: () => complete(ssh.receive(outputBytes)) },
    ],
    { rounds: outputRounds },
  )
  return [
    {
      title: 'exec output, all ends in one process',
      timings: [through, alone],
      verdicts: [slowerAtMost(through, alone, 2)],
    },
    {
      title: 'exec round trip, all ends in one process',
      timings: [trip, plainTrip],
      verdicts: [below(trip, 'medianMs', 30), slowerAtMost(trip, plainTrip, 2)],
    },
  ]
}

async function complete(received: Promise<number>): Promise<void> {
  const bytes = await received
  if (bytes !== outputBytes) throw new Error(`${bytes} bytes came in place of ${outputBytes}.`)
}
