import { join } from 'node:path'
import type { ComputeDriver } from '@openshell-ts/protocol/compute'
import type { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { ChildServer } from '../child-server.js'
import { type Comparison, slowerAtMost, type Timing } from '../comparison.js'
import { summarizeSamples } from '../summarize-samples.js'
import { computeClient } from './compute-client.js'
import { sandboxMessage } from './sandbox-message.js'
import { temporaryFolder } from './temporary-folder.js'

type Client = GrpcServiceClient<typeof ComputeDriver>

const rounds = 20
/** The compiler is busy for that many turns with the first method, and then for fewer: most of the way is the same. */
const warmUpRounds = [30, 10, 10]
const callsATurn = 500
const callsAtATime = 16

const first = sandboxMessage(0)

const calls: Readonly<Record<string, (client: Client) => Promise<unknown>>> = {
  GetSandbox: (client) => client.unary('getSandbox', { sandboxId: first.id ?? '', name: first.name ?? '' }),
  // Gateways send the token with a create only.
  ValidateSandboxCreate: (client) =>
    client.unary('validateSandboxCreate', { sandbox: sandboxMessage(1, { token: '' }) }),
  GetCapabilities: (client) => client.unary('getCapabilities', {}),
}

/** The processor time of the server for one call, against the same handlers on bare grpc-js with protobuf-es. */
export async function unaryCost(): Promise<Comparison> {
  await using folder = await temporaryFolder()
  const kitSocket = join(folder.path, 's', 'kit.sock')
  const bareSocket = join(folder.path, 'bare.sock')
  await using kit = await ChildServer.start('kit-server', [kitSocket, join(folder.path, 'state')])
  await using bare = await ChildServer.start('bare-server', [bareSocket])
  const kitClient = computeClient(kitSocket)
  const bareClient = computeClient(bareSocket)
  await kitClient.unary('createSandbox', { sandbox: first })
  const timings: [Timing, Timing][] = []
  for (const [index, [name, call]] of Object.entries(calls).entries()) {
    const turns: [number[], number[]] = [[], []]
    for (let round = -(warmUpRounds[index] ?? 0); round < rounds; round += 1) {
      const kitCost = await costOf(kit, () => call(kitClient))
      const bareCost = await costOf(bare, () => call(bareClient))
      if (round < 0) continue
      turns[0].push(kitCost)
      turns[1].push(bareCost)
    }
    timings.push([
      summarizeSamples(`${name} of the kit`, turns[0]),
      summarizeSamples(`${name} of bare grpc-js`, turns[1]),
    ])
  }
  kitClient.close()
  bareClient.close()
  return {
    title: "a server's processor time for one call",
    timings: timings.flat(),
    verdicts: timings.map(([ofKit, ofBare]) => slowerAtMost(ofKit, ofBare, 1.25)),
  }
}

/** The server's processor time for one of many calls, in milliseconds. */
async function costOf(server: ChildServer, call: () => Promise<unknown>): Promise<number> {
  const before = await server.ask({ ask: 'processor' })
  let left = callsATurn
  const caller = async () => {
    while (left > 0) {
      left -= 1
      await call()
    }
  }
  await Promise.all(Array.from({ length: callsAtATime }, caller))
  const after = await server.ask({ ask: 'processor' })
  return (after.cpuMs - before.cpuMs) / callsATurn
}
