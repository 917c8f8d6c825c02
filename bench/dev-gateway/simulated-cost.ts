import { credentials } from '@grpc/grpc-js'
import { startDevGateway } from '@openshell-ts/dev-gateway'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { OpenShell, SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { ChildServer } from '../child-server.js'
import { atMost, below, type Comparison } from '../comparison.js'
import { summarizeSamples } from '../summarize-samples.js'

type Client = GrpcServiceClient<typeof OpenShell>

const starts = 20
const creates = 200
const listed = 5_000
const pageSize = 1_000
const MIB = 1024 * 1024

/** What a gateway with simulated sandboxes costs: its start, a sandbox until it is Ready, and many sandboxes. */
export async function simulatedCost(): Promise<readonly Comparison[]> {
  const starting = await timesOf(starts, async () => {
    const gateway = await startDevGateway()
    return () => gateway.close()
  })
  await using gateway = await ChildServer.start('gateway-server')
  const client = new GrpcServiceClient(OpenShell, `127.0.0.1:${gateway.port}`, credentials.createInsecure())
  try {
    const ready = await timesOf(creates, async (round) => createUntilReady(client, `ready-${round}`))
    await createMore(client, listed - creates)
    const pages = await timesOf(5, async () => listAll(client))
    const { rssBytes } = await gateway.ask({ ask: 'memory' })
    const start = summarizeSamples('start of a gateway', starting)
    const untilReady = summarizeSamples('create until the client sees Ready', ready)
    const list = summarizeSamples(`list of ${listed} sandboxes in pages of ${pageSize}`, pages)
    return [
      { title: 'start, in this process', timings: [start], verdicts: [below(start, 'medianMs', 300)] },
      {
        title: 'simulated sandbox, gateway and client in a process each',
        timings: [untilReady],
        verdicts: [below(untilReady, 'medianMs', 15)],
      },
      {
        title: `${listed} simulated sandboxes`,
        timings: [list],
        verdicts: [
          below(list, 'medianMs', 1_000),
          atMost('resident memory of the gateway and its simulated driver', rssBytes / MIB, 'MiB', 200),
        ],
      },
    ]
  } finally {
    client.close()
  }
}

/** How long each round takes; what a round returns is done after it, untimed. */
async function timesOf(
  rounds: number,
  run: (round: number) => Promise<(() => Promise<void>) | undefined>,
): Promise<number[]> {
  const samples: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now()
    const after = await run(round)
    samples.push(performance.now() - startedAt)
    await after?.()
  }
  return samples
}

async function create(client: Client, name: string): Promise<string> {
  const { sandbox } = await client.unary('createSandbox', { name, spec: {} })
  return sandbox?.metadata?.id ?? ''
}

async function createMore(client: Client, count: number): Promise<void> {
  let next = 0
  const creator = async () => {
    while (next < count) {
      next += 1
      await create(client, `more-${next}`)
    }
  }
  await Promise.all(Array.from({ length: 16 }, creator))
}

async function createUntilReady(client: Client, name: string): Promise<undefined> {
  const id = await create(client, name)
  for await (const { payload } of client.serverStream('watchSandbox', { id, followStatus: true })) {
    if (payload.case === 'sandbox' && payload.value.status?.phase === SandboxPhase.READY) return undefined
  }
  throw new Error('The watch ended before the sandbox was Ready.')
}

async function listAll(client: Client): Promise<undefined> {
  let count = 0
  for (let offset = 0; offset < listed; offset += pageSize) {
    const { sandboxes } = await client.unary('listSandboxes', { limit: pageSize, offset })
    count += sandboxes.length
  }
  if (count !== listed) throw new Error(`${count} sandboxes were listed in place of ${listed}.`)
  return undefined
}
