import { once } from 'node:events'
import { connect } from 'node:http2'
import { create, toBinary } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import {
  PushSandboxLogsRequestSchema,
  SandboxPhase,
  type SandboxStreamEvent,
  type WatchSandboxRequest,
  WatchSandboxRequestSchema,
} from '@openshell-ts/protocol/v0-0'
import { expect, test } from 'vitest'
import { failure, Setup } from './test-client.js'

/** Opens a watch, and remembers what it says. */
function watch(setup: Setup, request: Partial<Omit<WatchSandboxRequest, '$typeName'>>) {
  const stream = setup.client.serverStream('watchSandbox', request)
  const events: SandboxStreamEvent['payload'][] = []
  const waiters = new Set<() => void>()
  stream.on('data', ({ payload }: SandboxStreamEvent) => {
    events.push(payload)
    for (const waiter of waiters) waiter()
  })
  const ended = new Promise<unknown>((resolve) => stream.on('end', () => resolve(undefined)).on('error', resolve))
  return {
    events,
    ended,
    cancel: () => stream.cancel(),
    async seen(count: number) {
      while (events.length < count) await new Promise<void>((resolve) => waiters.add(resolve))
      return events
    },
  }
}

test('an id is required, and must be known', async () => {
  await using setup = await Setup.start()
  expect(await watch(setup, {}).ended).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'id is required' })
  expect(await watch(setup, { id: 'box' }).ended).toMatchObject({
    code: status.NOT_FOUND,
    details: 'sandbox not found',
  })
})

test('a snapshot comes first, then every driver snapshot in order', async () => {
  await using setup = await Setup.start()
  await setup.driver.watched()
  const id = (await setup.create()).metadata?.id ?? ''
  const following = watch(setup, { id, followStatus: true })
  await following.seen(1)
  for (const reason of ['A', 'B', 'B']) {
    setup.driver.emitStatus(id, 'box', { conditions: [{ type: 'Ready', status: 'Unknown', reason }] })
  }
  const reasons = (await following.seen(4)).map((event) =>
    event.case === 'sandbox' ? event.value.status?.conditions[0]?.reason : event.case,
  )
  expect(reasons).toEqual([undefined, 'A', 'B', 'B'])
  following.cancel()
})

test('platform events reach those who ask for them, and the last ones are replayed', async () => {
  await using setup = await Setup.start()
  await setup.driver.watched()
  const id = (await setup.create()).metadata?.id ?? ''
  const live = watch(setup, { id, followEvents: true })
  await live.seen(1)
  for (let index = 0; index < 51; index++) {
    setup.driver.emit({
      case: 'platformEvent',
      value: { sandboxId: id, event: { reason: `R${index}`, type: 'Normal', metadata: { k: 'v' } } },
    })
  }
  await live.seen(52)
  const later = watch(setup, { id, followEvents: true, eventTail: 100 })
  const replayed = (await later.seen(51)).slice(1).map((event) => (event.case === 'event' ? event.value : undefined))
  expect(replayed[0]).toMatchObject({ reason: 'R1', type: 'Normal', metadata: { k: 'v' } })
  expect(replayed.length).toBe(50)
  live.cancel()
  later.cancel()
})

test('stop_on_terminal ends at Ready and never at Error', async () => {
  await using setup = await Setup.start()
  await setup.driver.watched()
  const failed = (await setup.create({ name: 'failed' })).metadata?.id ?? ''
  const toError = watch(setup, { id: failed, followStatus: true, stopOnTerminal: true })
  await toError.seen(1)
  setup.driver.emitStatus(failed, 'failed', { conditions: [{ type: 'Ready', status: 'False', reason: 'Dead' }] })
  const [, event] = await toError.seen(2)
  expect(event?.case === 'sandbox' && event.value.status?.phase).toBe(SandboxPhase.ERROR)

  const sandbox = await setup.create()
  const toReady = watch(setup, { id: sandbox.metadata?.id ?? '', followStatus: true, stopOnTerminal: true })
  await toReady.seen(1)
  await using _supervisor = await setup.supervise(sandbox)
  expect(await toReady.ended).toBeUndefined()
  expect(await Promise.race([toError.ended, Promise.resolve('open')])).toBe('open')
  toError.cancel()
})

test('a watch of logs alone ends with CANCELLED when the sandbox goes', async () => {
  await using setup = await Setup.start()
  const id = (await setup.create()).metadata?.id ?? ''
  const following = watch(setup, { id, followLogs: true })
  const [, log] = await following.seen(2)
  expect(log).toMatchObject({ case: 'log', value: { source: 'gateway', level: 'INFO' } })
  await setup.driver.watched()
  setup.driver.emit({ case: 'deleted', value: { sandboxId: id } })
  expect(await following.ended).toMatchObject({ code: status.CANCELLED, details: 'stream closed' })
})

test('log lines that a supervisor pushes reach a watch of its source alone', async () => {
  await using setup = await Setup.start()
  const sandbox = await setup.create()
  const id = sandbox.metadata?.id ?? ''
  await using supervisor = await setup.supervise(sandbox)
  const following = watch(setup, { id, followLogs: true, logSources: ['sandbox'] })
  await following.seen(1)
  const { requests, response } = supervisor.client.clientStream('pushSandboxLogs', { metadata: supervisor.metadata })
  requests.end(create(PushSandboxLogsRequestSchema, { sandboxId: id, logs: [{ message: 'hello', level: 'WARN' }] }))
  await response
  const [, log] = await following.seen(2)
  expect(log).toMatchObject({ case: 'log', value: { source: 'sandbox', level: 'WARN', message: 'hello' } })
})

test('a reader that falls behind is told so', async () => {
  await using setup = await Setup.start()
  await setup.driver.watched()
  const id = (await setup.create()).metadata?.id ?? ''
  const last = (await setup.create({ name: 'last' })).metadata?.id ?? ''
  // grpc-js takes in what its user does not read, so that only plain HTTP/2 can be slow.
  const session = connect(setup.gateway.endpoint)
  const stream = session.request({
    ':method': 'POST',
    ':path': '/openshell.v1.OpenShell/WatchSandbox',
    'content-type': 'application/grpc',
    te: 'trailers',
  })
  stream.end(watchFrame(id))
  await once(stream, 'response')
  for (let index = 0; index < 2000; index++) {
    setup.driver.emitStatus(id, 'box', {
      conditions: [{ type: 'Ready', status: 'Unknown', message: 'm'.repeat(2000) }],
    })
  }
  setup.driver.emitStatus(last, 'last', { conditions: [{ type: 'Ready', status: 'False', reason: 'Dead' }] })
  await setup.reaches(last, SandboxPhase.ERROR)
  stream.resume()
  const [trailers] = await once(stream, 'trailers')
  session.close()
  expect(trailers['grpc-status']).toBe(String(status.RESOURCE_EXHAUSTED))
  expect(decodeURIComponent(trailers['grpc-message'])).toMatch(/^watch stream lagged; dropped \d+ messages$/)
})

function watchFrame(id: string): Buffer {
  const message = toBinary(WatchSandboxRequestSchema, create(WatchSandboxRequestSchema, { id, followStatus: true }))
  const header = Buffer.alloc(5)
  header.writeUInt32BE(message.length, 1)
  return Buffer.concat([header, message])
}

test('the driver’s watch is opened again after it ended, and what it says then is applied', async () => {
  await using setup = await Setup.start({ timings: { watchReopenMs: 10 } })
  await setup.driver.watched()
  const sandbox = await setup.create()
  const id = sandbox.metadata?.id ?? ''
  const status = { conditions: [{ type: 'Ready', status: 'False', reason: 'Dead' }] }
  setup.driver.records.set(id, { id, name: 'box', status })
  setup.driver.endWatches()
  const failed = await setup.reaches(id, SandboxPhase.ERROR)
  expect(failed.status?.conditions[0]?.reason).toBe('Dead')
  expect((await failure(setup.client.unary('stopSandbox', { name: 'box' }))).details).toBe(
    'sandbox must be Ready to stop (current phase: Error)',
  )
})
