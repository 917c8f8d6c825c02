import { status as codes } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { defineDriver, type LaunchContext, type SandboxState } from '../src/index.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { computeClient, sandboxMessage, serveInTest, TestWatch } from './serve-in-test.js'

/** A driver whose sandboxes report what the test says. */
function reportingDriver(reports: Map<string, (state: SandboxState) => void>) {
  return defineDriver({
    ...memoryDriver(memoryBackend()),
    async create(sandbox, { report }: LaunchContext<unknown, unknown>) {
      reports.set(sandbox.id, report)
    },
  })
}

test('a watch begins with all sandboxes as they are and goes on with every change, without a gap or a repeat', async () => {
  const reports = new Map<string, (state: SandboxState) => void>()
  await using served = await serveInTest(reportingDriver(reports))
  const { client } = served
  for (const id of ['a', 'b']) await client.unary('createSandbox', { sandbox: sandboxMessage(id) })
  const early = await TestWatch.open(client)
  await early.until((events) => events.length === 2)
  reports.get('a')?.({ type: 'exited', exitCode: 3 })
  const late = await TestWatch.open(client)
  await late.until((events) => events.length === 2)
  reports.get('b')?.({ type: 'failed', reason: 'OOMKilled', message: 'out of memory' })
  await early.until((events) => events.length === 4)
  await late.until((events) => events.length === 3)
  early.close()
  late.close()
  expect(early.story('a')).toEqual(['True BackendReady', 'False ContainerExited'])
  expect(late.story('a')).toEqual(['False ContainerExited'])
  expect(early.story('b')).toEqual(['True BackendReady', 'False OOMKilled'])
  expect(late.story('b')).toEqual(['True BackendReady', 'False OOMKilled'])
})

test('a report that changes nothing sends nothing', async () => {
  const reports = new Map<string, (state: SandboxState) => void>()
  await using served = await serveInTest(reportingDriver(reports))
  const { client } = served
  await client.unary('createSandbox', { sandbox: sandboxMessage('a') })
  const watch = await TestWatch.open(client)
  await watch.until((events) => events.length === 1)
  const report = reports.get('a')
  report?.({ type: 'running' })
  report?.({ type: 'starting', detail: 'again' })
  report?.({ type: 'starting', detail: 'again' })
  report?.({ type: 'running' })
  await client.unary('deleteSandbox', { sandboxId: 'a' })
  await watch.until(() => watch.story('a').includes('deleted'))
  watch.close()
  expect(watch.story('a')).toEqual(['True BackendReady', 'False Starting', 'True BackendReady', 'deleting', 'deleted'])
})

test('three watchers get every one of many changes of many sandboxes, once and in order', async () => {
  const reports = new Map<string, (state: SandboxState) => void>()
  await using served = await serveInTest(reportingDriver(reports))
  const ids = Array.from({ length: 25 }, (_, index) => `s${index}`)
  await Promise.all(ids.map((id) => served.client.unary('createSandbox', { sandbox: sandboxMessage(id) })))
  const clients = [1, 2, 3].map(() => computeClient(served.socketPath))
  const watches = await Promise.all(clients.map((client) => TestWatch.open(client)))
  await Promise.all(watches.map((watch) => watch.until((events) => events.length === ids.length)))
  const changes = Array.from({ length: 3_000 }, (_, index) => ({ id: `s${(index * 7) % 25}`, detail: `step ${index}` }))
  for (const { id, detail } of changes) reports.get(id)?.({ type: 'starting', detail })
  await Promise.all(watches.map((watch) => watch.until((events) => events.length >= ids.length + changes.length)))
  await served.client.unary('deleteSandbox', { sandboxId: 's0' })
  await Promise.all(watches.map((watch) => watch.until(() => watch.story('s0').includes('deleted'))))
  for (const watch of watches) {
    watch.close()
    const seen = watch.events.slice(ids.length, -2).map(({ payload }) => {
      const sandbox = payload.case === 'sandbox' ? payload.value.sandbox : undefined
      return { id: sandbox?.id, detail: sandbox?.status?.conditions[0]?.message }
    })
    expect(seen).toEqual(changes)
  }
  for (const client of clients) client.close()
})

test('a watcher that does not read is cut off with an error, and others go on', async () => {
  const reports = new Map<string, (state: SandboxState) => void>()
  await using served = await serveInTest(reportingDriver(reports), { watchBacklogLimit: 100 })
  const { client } = served
  await client.unary('createSandbox', { sandbox: sandboxMessage('a') })
  const slowClient = computeClient(served.socketPath)
  const slow = slowClient.serverStream('watchSandboxes', {})
  await new Promise((resolve) => slow.once('data', resolve))
  slow.pause()
  const failed = new Promise<{ code: number; details: string }>((resolve) => slow.once('error', resolve as never))
  const fast = await TestWatch.open(client)
  await fast.until((events) => events.length === 1)
  for (let round = 0; round < 40; round++) {
    // Large texts fill the connection's window, so that the reader's pause reaches the driver.
    for (let index = 0; index < 50; index++) {
      reports.get('a')?.({ type: 'starting', detail: `${round}/${index} ${'x'.repeat(2_000)}` })
    }
    await fast.until((events) => events.length >= (round + 1) * 50)
  }
  slow.resume()
  const error = await failed
  fast.close()
  slowClient.close()
  expect(error.code).toBe(codes.ABORTED)
  expect(error.details).toContain('watch again for a fresh snapshot')
  expect(fast.error).toBeUndefined()
})

test('a shutdown ends a watch with UNAVAILABLE, so that the gateway watches again', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  await served.client.unary('createSandbox', { sandbox: sandboxMessage('a') })
  const watch = await TestWatch.open(served.client)
  await watch.until((events) => events.length === 1)
  const ended = watch.ended()
  await served.server.close()
  expect((await ended).code).toBe(codes.UNAVAILABLE)
})

test("the driver's own watch reports sandboxes by id, and an end during a stop is not news", async () => {
  const backend = memoryBackend()
  const base = memoryDriver(backend)
  let report: ((id: string, state: SandboxState) => void) | undefined
  const driver = defineDriver({
    ...base,
    async stop(sandbox, context) {
      report?.(sandbox.id, { type: 'exited', exitCode: 143 })
      await base.stop(sandbox, context)
      report?.(sandbox.id, { type: 'exited', exitCode: 143 })
    },
    watch(context) {
      report = context.report
      return new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve(), { once: true }))
    },
  })
  await using served = await serveInTest(driver)
  const { client } = served
  const watch = await TestWatch.open(client)
  await client.unary('createSandbox', { sandbox: sandboxMessage('a') })
  report?.('unknown', { type: 'running' })
  await client.unary('stopSandbox', { sandboxId: 'a' })
  report?.('a', { type: 'exited', exitCode: 143 })
  await client.unary('startSandbox', { sandboxId: 'a' })
  report?.('a', { type: 'exited', exitCode: 1 })
  await watch.until(() => watch.story('a').includes('False ContainerExited'))
  watch.close()
  expect(watch.story('a')).toEqual([
    'False Starting',
    'True BackendReady',
    'Unknown Stopping',
    'False ContainerStopped',
    'False Starting',
    'True BackendReady',
    'False ContainerExited',
  ])
})

test('a transient reason cannot be reported as a failure', async () => {
  const reports = new Map<string, (state: SandboxState) => void>()
  await using served = await serveInTest(reportingDriver(reports))
  await served.client.unary('createSandbox', { sandbox: sandboxMessage('a') })
  const failed = { type: 'failed', reason: 'ContainerStarting', message: '' } as const
  expect(() => reports.get('a')?.(failed)).toThrow(/read the reason "ContainerStarting" as "not ready yet"/)
  const { sandbox } = await served.client.unary('getSandbox', { sandboxId: 'a' })
  expect(sandbox?.status?.conditions[0]?.reason).toBe('BackendReady')
})
