import { join } from 'node:path'
import { toBinary } from '@bufbuild/protobuf'
import { ListSandboxesResponseSchema } from '@openshell-ts/protocol/compute'
import { alternateTurns } from '../alternate-turns.js'
import { ChildServer } from '../child-server.js'
import { atMost, below, type Comparison, slowerAtMost, type Timing } from '../comparison.js'
import { summarizeSamples } from '../summarize-samples.js'
import { computeClient } from './compute-client.js'
import { CountingWatch } from './counting-watch.js'
import { sandboxMessage } from './sandbox-message.js'
import { temporaryFolder } from './temporary-folder.js'

/** Of the kit, and of bare grpc-js. */
type Pair = readonly [Timing, Timing]

const sandboxCount = 10_000
const mebibyte = 2 ** 20
const changes = 5_000
const perSecond = 1_000
const watchers = 3
/** A change that has not come by then is lost. */
const patienceMs = 10_000

/** Records of 10,000 sandboxes in a folder of their own. */
export interface FilledDriver extends AsyncDisposable {
  readonly path: string
  readonly socketPath: string
  readonly stateDirectory: string
}

/** Creates them. */
export async function fillDriver(): Promise<FilledDriver> {
  const folder = await temporaryFolder()
  const filled: FilledDriver = {
    path: folder.path,
    socketPath: join(folder.path, 's', 'kit.sock'),
    stateDirectory: join(folder.path, 'state'),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
  await createAll(filled)
  return filled
}

/** A driver with 10,000 sandboxes: its start, its list, its watch and its memory. Bare grpc-js holds them ready in memory. */
export async function manySandboxes({ path, socketPath, stateDirectory }: FilledDriver): Promise<Comparison> {
  const starts = await timeStarts(socketPath, stateDirectory)
  const empty = await timeStarts(join(path, 'e', 'kit.sock'), join(path, 'empty'))
  await using kit = await ChildServer.start('kit-server', [socketPath, stateDirectory])
  const bareSocket = join(path, 'bare.sock')
  await using _bare = await ChildServer.start('bare-server', [bareSocket, String(sandboxCount)])
  const start = summarizeSamples(`start of a process with ${sandboxCount} sandboxes`, starts)
  const { timings: lists, bytes } = await timeLists(socketPath, bareSocket)
  const snapshots = await timeSnapshots(socketPath, bareSocket)
  const lost = await countLost(kit, socketPath)
  const { peakRssBytes } = await kit.ask({ ask: 'memory' })
  return {
    title: `a driver with ${sandboxCount} sandboxes`,
    timings: [start, summarizeSamples('start of a process without sandboxes', empty), ...lists, ...snapshots],
    verdicts: [
      below(start, 'medianMs', 3_000),
      below(lists[0], 'medianMs', 200),
      slowerAtMost(...lists, 1.25),
      atMost('the answer of ListSandboxes', bytes / mebibyte, 'MiB', 4),
      below(snapshots[0], 'medianMs', 1_000),
      slowerAtMost(...snapshots, 1.25),
      atMost(`lost of ${changes} changes, ${perSecond} a second, to ${watchers} watchers`, lost, 'changes', 0),
      atMost('most resident memory over all of this', peakRssBytes / mebibyte, 'MiB', 300),
    ],
  }
}

async function createAll({ socketPath, stateDirectory }: FilledDriver): Promise<void> {
  await using _server = await ChildServer.start('kit-server', [socketPath, stateDirectory])
  const client = computeClient(socketPath)
  let next = 0
  const creator = async () => {
    while (next < sandboxCount) {
      next += 1
      await client.unary('createSandbox', { sandbox: sandboxMessage(next - 1) })
    }
  }
  await Promise.all(Array.from({ length: 64 }, creator))
  client.close()
}

/** From the start of the process until it serves, recovery included. */
async function timeStarts(socketPath: string, stateDirectory: string): Promise<number[]> {
  const samples: number[] = []
  for (let run = 0; run < 3; run += 1) {
    const began = performance.now()
    await using _server = await ChildServer.start('kit-server', [socketPath, stateDirectory])
    samples.push(performance.now() - began)
  }
  return samples
}

async function timeLists(kitSocket: string, bareSocket: string): Promise<{ timings: Pair; bytes: number }> {
  const clients = [computeClient(kitSocket), computeClient(bareSocket)] as const
  const list = async (client: (typeof clients)[number]) => {
    const answer = await client.unary('listSandboxes', {})
    if (answer.sandboxes.length !== sandboxCount) throw new Error(`${answer.sandboxes.length} sandboxes were listed.`)
    return answer
  }
  const timings = await alternateTurns(
    [
      { name: 'ListSandboxes of the kit', run: () => list(clients[0]) },
      { name: 'ListSandboxes of bare grpc-js', run: () => list(clients[1]) },
    ],
    { rounds: 9 },
  )
  const bytes = toBinary(ListSandboxesResponseSchema, await list(clients[0])).length
  for (const client of clients) client.close()
  return { timings, bytes }
}

async function timeSnapshots(kitSocket: string, bareSocket: string): Promise<Pair> {
  const snapshot = async (socketPath: string) => {
    const watch = new CountingWatch(socketPath)
    await watch.until(sandboxCount)
    watch.close()
  }
  return await alternateTurns(
    [
      { name: 'snapshot of a watch of the kit', run: () => snapshot(kitSocket) },
      { name: 'snapshot of a watch of bare grpc-js', run: () => snapshot(bareSocket) },
    ],
    { rounds: 7 },
  )
}

/** How many of the changes a watcher misses, gets twice or gets out of order, over all watchers. */
async function countLost(kit: ChildServer, socketPath: string): Promise<number> {
  const watches = Array.from({ length: watchers }, () => new CountingWatch(socketPath))
  await Promise.all(watches.map((watch) => watch.until(sandboxCount)))
  for (const watch of watches) watch.details = []
  await kit.ask({ ask: 'changes', changes, perSecond })
  const all = Promise.all(watches.map((watch) => watch.until(sandboxCount + changes)))
  await Promise.race([all, new Promise((resolve) => setTimeout(resolve, patienceMs).unref())])
  for (const watch of watches) watch.close()
  return watches
    .map(({ details }) => {
      const inPlace = details.filter((detail, index) => detail === `change ${index}`).length
      return Math.max(changes, details.length) - inPlace
    })
    .reduce((sum, missed) => sum + missed, 0)
}
