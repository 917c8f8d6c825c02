import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { status as codes } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { DriverError, defineDriver } from '../src/index.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { rejection } from './rejection.js'
import { sandboxMessage, serveInTest, TestWatch } from './serve-in-test.js'

/** A promise that a test settles. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

test('a delete cancels a create that runs, and leaves nothing', async () => {
  const backend = memoryBackend()
  const started = gate()
  const base = memoryDriver(backend)
  const driver = defineDriver({
    ...base,
    async create(sandbox, { signal }) {
      backend.sandboxes.set(sandbox.id, { type: 'starting' })
      started.open()
      await aborted(signal)
    },
  })
  await using served = await serveInTest(driver)
  const watch = await TestWatch.open(served.client)
  const create = rejection(served.client.unary('createSandbox', { sandbox: sandboxMessage('one') }))
  await started.opened
  const { deleted } = await served.client.unary('deleteSandbox', { sandboxId: 'one', name: 'name-one' })
  const error = await create
  await watch.until(() => watch.story('one').includes('deleted'))
  watch.close()
  expect([deleted, error.code]).toEqual([true, codes.ABORTED])
  expect(watch.story('one')).toEqual(['False Starting', 'deleting', 'deleted'])
  expect([...backend.sandboxes.keys()]).toEqual([])
  expect(await readdir(join(served.stateDirectory, 'sandboxes'))).toEqual([])
})

test('a delete does not wait for ever for a create that ignores its signal, and cleans up again when it ends', async () => {
  const backend = memoryBackend()
  const started = gate()
  const late = gate()
  const cleaned = gate()
  const base = memoryDriver(backend)
  const driver = defineDriver({
    ...base,
    async create(sandbox) {
      started.open()
      await late.opened
      backend.sandboxes.set(sandbox.id, { type: 'running' })
    },
    async delete(sandbox, context) {
      await base.delete(sandbox, context)
      if (backend.calls.length === 2) cleaned.open()
    },
  })
  await using served = await serveInTest(driver, { abortGraceMs: 10 })
  const create = rejection(served.client.unary('createSandbox', { sandbox: sandboxMessage('one') }))
  await started.opened
  expect((await served.client.unary('deleteSandbox', { sandboxId: 'one' })).deleted).toBe(true)
  expect((await create).code).toBe(codes.ABORTED)
  late.open()
  await cleaned.opened
  expect(backend.calls).toEqual(['delete one', 'delete one'])
  expect([...backend.sandboxes.keys()]).toEqual([])
})

test('a failed create is undone and frees its name', async () => {
  const backend = memoryBackend()
  let fail = true
  const base = memoryDriver(backend)
  const driver = defineDriver({
    ...base,
    async create(sandbox, context) {
      await base.create(sandbox, context)
      if (fail) throw new DriverError({ code: 'failed-precondition', message: 'image acme/base:1 does not exist' })
    },
  })
  await using served = await serveInTest(driver)
  const error = await rejection(served.client.unary('createSandbox', { sandbox: sandboxMessage('one') }))
  expect([error.code, error.details]).toEqual([codes.FAILED_PRECONDITION, 'image acme/base:1 does not exist'])
  expect([...backend.sandboxes.keys()]).toEqual([])
  expect(await readdir(join(served.stateDirectory, 'sandboxes'))).toEqual([])
  fail = false
  await served.client.unary('createSandbox', { sandbox: sandboxMessage('two', { name: 'name-one' }) })
})

test('an undo that fails is tried again until the backend is clean', async () => {
  const backend = memoryBackend()
  const clean = gate()
  let attempts = 0
  const base = memoryDriver(backend)
  const driver = defineDriver({
    ...base,
    async create(sandbox) {
      backend.sandboxes.set(sandbox.id, { type: 'starting' })
      throw new Error('no')
    },
    async delete(sandbox, context) {
      attempts += 1
      if (attempts === 1) throw new Error('backend is down')
      await base.delete(sandbox, context)
      clean.open()
    },
  })
  await using served = await serveInTest(driver)
  await rejection(served.client.unary('createSandbox', { sandbox: sandboxMessage('one') }))
  expect((await served.client.unary('listSandboxes', {})).sandboxes).toEqual([])
  expect([...backend.sandboxes.keys()]).toEqual(['one'])
  await clean.opened
  expect([...backend.sandboxes.keys()]).toEqual([])
})

test('a create whose caller goes away is finished', async () => {
  const backend = memoryBackend()
  const started = gate()
  const finish = gate()
  const base = memoryDriver(backend)
  const driver = defineDriver({
    ...base,
    async create(sandbox, context) {
      started.open()
      await finish.opened
      if (!context.signal.aborted) await base.create(sandbox, context)
    },
  })
  await using served = await serveInTest(driver)
  const watch = await TestWatch.open(served.client)
  const caller = new AbortController()
  const create = rejection(
    served.client.unary('createSandbox', { sandbox: sandboxMessage('one') }, { signal: caller.signal }),
  )
  await started.opened
  caller.abort()
  expect((await create).code).toBe(codes.CANCELLED)
  finish.open()
  await watch.until(() => watch.story('one').includes('True BackendReady'))
  watch.close()
  expect(backend.calls).toEqual(['create one'])
})

test('operations of one sandbox run in order, those of two side by side', async () => {
  const backend = memoryBackend()
  const started = gate()
  const finish = gate()
  const base = memoryDriver(backend)
  const driver = defineDriver({
    ...base,
    async create(sandbox, context) {
      if (sandbox.id === 'slow') {
        started.open()
        await finish.opened
      }
      await base.create(sandbox, context)
    },
  })
  await using served = await serveInTest(driver)
  const { client } = served
  const create = client.unary('createSandbox', { sandbox: sandboxMessage('slow') })
  await started.opened
  const stop = client.unary('stopSandbox', { sandboxId: 'slow' })
  await client.unary('createSandbox', { sandbox: sandboxMessage('fast') })
  finish.open()
  await Promise.all([create, stop])
  expect(backend.calls).toEqual(['create fast', 'create slow', 'stop slow'])
})

test('a create that answers early reports the rest later, and its news ends with the run', async () => {
  const backend = memoryBackend()
  const base = memoryDriver(backend)
  let report: ((state: { type: 'running' } | { type: 'exited'; exitCode: number }) => void) | undefined
  const signals: AbortSignal[] = []
  const driver = defineDriver({
    ...base,
    async create(_sandbox, context) {
      report = context.report
      signals.push(context.signal)
      context.progress.start('pulling_image', '1 of 2')
      context.progress.complete('pulling_image')
      return { type: 'starting', detail: 'pulling image' }
    },
  })
  await using served = await serveInTest(driver)
  const { client } = served
  const watch = await TestWatch.open(client)
  await client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  report?.({ type: 'running' })
  report?.({ type: 'running' })
  await client.unary('stopSandbox', { sandboxId: 'one' })
  report?.({ type: 'exited', exitCode: 137 })
  await client.unary('deleteSandbox', { sandboxId: 'one' })
  report?.({ type: 'running' })
  await watch.until(() => watch.story('one').includes('deleted'))
  watch.close()
  expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  expect(watch.story('one')).toEqual([
    'False Starting',
    'event Progress',
    'event Progress',
    'False Starting',
    'True BackendReady',
    'Unknown Stopping',
    'False ContainerStopped',
    'deleting',
    'deleted',
  ])
})
