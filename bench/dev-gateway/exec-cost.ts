import { OpenShellClient, type Sandbox } from '@openshell-ts/sdk'
import { alternateTurns } from '../alternate-turns.js'
import { ChildServer } from '../child-server.js'
import { below, type Comparison, slowerAtMost } from '../comparison.js'
import { GatewayCommand } from '../gateway-command.js'
import { connectSsh, runOverSsh } from './ssh-client.js'

const MIB = 1024 * 1024
const outputBytes = 64 * MIB
const outputCommand = ['head', '-c', String(outputBytes), '/dev/zero']
const outputRounds = 9
const tripRounds = 50

/**
 * What a command costs that goes through gateway and supervisor, against the same command through ssh2 alone: its output, and one
 * round trip. Gateway, supervisor and SSH server are processes of their own, as in use; the client of both is this one.
 */
export async function execCost(): Promise<readonly Comparison[]> {
  await using server = await GatewayCommand.start('0.0')
  await using sshServer = await ChildServer.start('ssh-server')
  await using client = await OpenShellClient.connect({ endpoint: `http://127.0.0.1:${server.port}`, wireLine: '0.0' })
  const sandbox = await client.sandboxes.create({ name: 'box' })
  const ssh = await connectSsh(sshServer.port)
  const [trip, plainTrip] = await alternateTurns(
    [
      { name: 'exec of /bin/true', run: () => receive(sandbox, ['/bin/true']) },
      { name: 'ssh2 alone: connect, /bin/true in a login shell', run: () => loginAndRun(sshServer.port, '/bin/true') },
    ],
    { rounds: tripRounds },
  )
  const [through, alone] = await alternateTurns(
    [
      {
        name: '64 MiB of exec output through gateway and supervisor',
        run: async () => complete(await receive(sandbox, outputCommand)),
      },
      {
        name: '64 MiB of the same command through ssh2 alone',
        run: async () => complete(await runOverSsh(ssh, outputCommand.join(' '))),
      },
    ],
    { rounds: outputRounds },
  )
  ssh.end()
  return [
    { title: 'exec output', timings: [through, alone], verdicts: [slowerAtMost(through, alone, 2)] },
    {
      title: 'exec round trip',
      timings: [trip, plainTrip],
      verdicts: [below(trip, 'medianMs', 30), slowerAtMost(trip, plainTrip, 2)],
    },
  ]
}

/** Resolves to how many bytes of output came. */
async function receive(sandbox: Sandbox, command: readonly string[]): Promise<number> {
  let bytes = 0
  for await (const event of await sandbox.commands.start(command)) {
    if (event.type === 'stdout') bytes += event.data.length
  }
  return bytes
}

// As a gateway does it for each command.
async function loginAndRun(port: number, line: string): Promise<void> {
  const client = await connectSsh(port)
  await runOverSsh(client, line)
  client.end()
}

function complete(bytes: number): void {
  if (bytes !== outputBytes) throw new Error(`${bytes} bytes came in place of ${outputBytes}.`)
}
