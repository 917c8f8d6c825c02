import { get } from 'node:http'
import { type WatchSandboxesEvent, WatchSandboxesEventSchema } from '@openshell-ts/protocol/compute'
import { type ClientOutcome, callGateway, metadataOf, methodOf } from './client-outcome.js'
import { readMessage } from './message-json.js'
import type { Json, JsonMap, RecordedStep } from './recording.js'
import type { ReplayWorld } from './replay-world.js'
import { ReplayedStream } from './replayed-stream.js'
import { ReplayedSupervisor } from './replayed-supervisor.js'
import { namesOfBothLines, scriptReplies, toRefusal } from './script-replies.js'

/** A scenario that is being run, and what was seen until now. */
export interface Replay {
  readonly world: ReplayWorld
  readonly results: JsonMap[]
  readonly rows: JsonMap[]
  /** What happened to the gateway itself. */
  readonly gateway: JsonMap[]
  /** What steps have named with `as`. */
  readonly variables: Record<string, JsonMap>
}

type StepRunner = (replay: Replay, step: RecordedStep, index: number) => Promise<void>

// By the key that says what a step does.
const runners: Readonly<Record<string, StepRunner>> = {
  call,
  stream,
  stream_result: streamResult,
  row: readRow,
  until_row: untilRow,
  reply: async ({ world }, { reply = {} }) => scriptReplies(world.driver, reply),
  emit,
  end_streams: endStreams,
  record: setRecord,
  supervisor,
  until_call: untilCall,
  wait: ({ world }, { wait = 0 }) => world.wait(wait),
  gateway: startOrStopGateway,
  driver: async ({ world }, { driver }) => (driver === 'stop' ? world.stopDriver() : world.startDriver()),
  health: checkHealth,
  // The two gateways log in words of their own.
  log_grep: async () => undefined,
}

/**
 * Runs one step.
 *
 * @throws Error when the step is of a kind that the player does not know.
 */
export async function runStep(replay: Replay, step: RecordedStep, index: number): Promise<void> {
  const kind = Object.keys(runners).find((key) => key in step)
  const run = kind === undefined ? undefined : runners[kind]
  if (!run) throw new Error(`Step ${index} is of no known kind: ${JSON.stringify(step)}.`)
  await run(replay, step, index)
}

async function call(replay: Replay, step: RecordedStep, index: number): Promise<void> {
  const rpc = step.call ?? ''
  const outcome = await callGateway(replay.world.client, rpc, step.request ?? {}, step)
  if (step.as !== undefined) replay.variables[step.as] = nameable(replay.world, outcome)
  const { response, ...ended } = outcome
  replay.results.push({ step: index, rpc, ...ended, ...(response && !step.drop && { response }) })
}

function nameable(world: ReplayWorld, { response }: ClientOutcome): JsonMap {
  const metadata = (response?.['sandbox'] as JsonMap | undefined)?.['metadata'] as JsonMap | undefined
  if (!metadata) return response ?? { ...world.log.created() }
  const id = String(metadata['id'])
  return { id, name: metadata['name'] ?? '', token: world.log.created(id)?.token ?? '' }
}

async function stream({ world }: Replay, step: RecordedStep): Promise<void> {
  const method = methodOf(step.stream ?? '')
  const request = readMessage(method.input, step.request ?? {})
  const call = world.client.serverStream(method.localName as 'watchSandbox', request as never, {
    metadata: metadataOf(step.token),
  })
  const stream = new ReplayedStream(method, call)
  world.streams.set(step.as ?? 'w', stream)
  if (step.wait_end !== undefined) return stream.ended(step.wait_end)
  await stream.begun()
  await world.settle()
}

async function streamResult({ world, results }: Replay, { stream_result: name = '' }: RecordedStep, index: number) {
  const stream = world.streams.get(name)
  results.push({ step: index, ...stream?.result() })
  stream?.cancel()
}

async function row(world: ReplayWorld, name: string, workspace = ''): Promise<JsonMap> {
  const { response, ...outcome } = await callGateway(world.client, 'GetSandbox', { name, workspace })
  if (!response) return outcome
  const { metadata, status = {} } = response['sandbox'] as { metadata: JsonMap; status?: JsonMap }
  const { phase, conditions = [], ...rest } = status
  return {
    ...(phase !== undefined && { phase }),
    conditions,
    status: rest,
    name: metadata['name'] ?? '',
    workspace: metadata['workspace'] ?? '',
  }
}

async function readRow({ world, rows }: Replay, step: RecordedStep, index: number): Promise<void> {
  rows.push({ step: index, ...(await row(world, step.row ?? '', step.workspace)) })
}

async function untilRow({ world, rows }: Replay, step: RecordedStep, index: number): Promise<void> {
  const { until_row: name = '', workspace, phase, gone, ms = 5_000, poll = 0 } = step
  for (const end = world.now() + ms; ; ) {
    const seen = await row(world, name, workspace)
    const reached = gone ? seen['code'] === 'NOT_FOUND' : seen['phase'] === `SANDBOX_PHASE_${phase}`
    if (reached || world.now() >= end) {
      rows.push({ step: index, reached, ...seen })
      return
    }
    if (poll > 0) await world.skip(poll)
  }
}

async function emit({ world, results }: Replay, { emit: event = {} }: RecordedStep, index: number): Promise<void> {
  const message = readMessage(WatchSandboxesEventSchema, namesOfBothLines(event) as JsonMap)
  const watchers = world.driver.emitEvent(message as WatchSandboxesEvent)
  if (watchers === 0) results.push({ step: index, note: 'no watch stream open' })
  await world.settle()
}

async function endStreams({ world }: Replay, { end_streams: end }: RecordedStep): Promise<void> {
  world.driver.endWatches(typeof end === 'object' && 'code' in end ? toRefusal(end) : undefined)
}

async function setRecord({ world }: Replay, { record = {} }: RecordedStep): Promise<void> {
  const { records } = world.driver
  const id = String(record['id'])
  if (record['remove']) records.delete(id)
  else records.set(id, { ...records.get(id), ...(namesOfBothLines(record) as object) })
}

async function supervisor({ world, results }: Replay, step: RecordedStep, index: number): Promise<void> {
  const name = step.as ?? 'sv'
  const rpc = 'ConnectSupervisor'
  if (step.supervisor === 'connect') {
    const connected = new ReplayedSupervisor(world.client, {
      sandboxId: step.id ?? '',
      token: step.token ?? '',
      instanceId: step.instance ?? 'inst-1',
      relay: step.relay,
    })
    world.supervisors.set(name, connected)
    results.push({ step: index, rpc, first: await connected.first() })
  } else if (step.supervisor === 'close') await world.supervisors.get(name)?.close(step.how)
  else results.push({ step: index, rpc, ...world.supervisors.get(name)?.dump() })
  await world.settle()
}

async function untilCall({ world, gateway }: Replay, step: RecordedStep, index: number): Promise<void> {
  const { until_call: rpc = '', count = 1, ms = 5_000 } = step
  await world.until(() => world.log.count(rpc) >= count, ms)
  gateway.push({ step: index, event: 'until_call', rpc, count: world.log.count(rpc) })
}

async function startOrStopGateway({ world, gateway }: Replay, step: RecordedStep, index: number): Promise<void> {
  const outcome: object =
    step.gateway === 'start'
      ? await world.startGateway(Number.POSITIVE_INFINITY)
      : await world.stopGateway(step.signal ?? 'SIGTERM')
  gateway.push({ step: index, event: step.gateway ?? '', ...(outcome as JsonMap) })
}

async function checkHealth({ world, gateway }: Replay, { health: path = '' }: RecordedStep, index: number) {
  const ok = await new Promise<Json>((resolve) => {
    const request = get({ host: '127.0.0.1', port: world.healthPort, path, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    request.on('error', () => resolve(false))
  })
  gateway.push({ step: index, event: 'health', path, ok })
}
