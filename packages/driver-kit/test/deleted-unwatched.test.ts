import { expect, test } from 'vitest'
import { defineDriver } from '../src/index.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { computeClient, sandboxMessage, serveInTest, TestWatch } from './serve-in-test.js'

// A gateway opens its watch again about two seconds after a driver has restarted, and a snapshot cannot tell what is gone.

test('a deletion that happens while nobody watches is told to the next watcher, once', async () => {
  const driver = memoryDriver(memoryBackend())
  await using served = await serveInTest(driver)
  for (const id of ['one', 'two']) await served.client.unary('createSandbox', { sandbox: sandboxMessage(id) })
  await served.restart(driver)
  const { client } = served
  expect((await client.unary('deleteSandbox', { sandboxId: 'one' })).deleted).toBe(true)
  const next = await TestWatch.open(client)
  await next.until((events) => events.length === 2)
  expect([next.story('one'), next.story('two')]).toEqual([['deleted'], ['True BackendReady']])
  const later = await TestWatch.open(client)
  await later.until((events) => events.length === 1)
  expect(later.story('one')).toEqual([])
  next.close()
  later.close()
})

test('a deletion is not told when its id is in use again', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const { client } = served
  await client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  await client.unary('deleteSandbox', { sandboxId: 'one' })
  await client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  const watch = await TestWatch.open(client)
  await client.unary('stopSandbox', { sandboxId: 'one' })
  await watch.until((events) => events.length === 3)
  watch.close()
  expect(watch.story('one')).toEqual(['True BackendReady', 'Unknown Stopping', 'False ContainerStopped'])
})

test('a delete that a restart has to finish is told to the first watcher', async () => {
  const backend = memoryBackend()
  const base = memoryDriver(backend)
  let begun = () => {}
  const deleting = new Promise<void>((resolve) => {
    begun = resolve
  })
  const driver = defineDriver({
    ...base,
    delete() {
      begun()
      return new Promise<void>(() => {})
    },
  })
  await using served = await serveInTest(driver, { drainTimeoutMs: 0 })
  await served.client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  void served.client.unary('deleteSandbox', { sandboxId: 'one' }).catch(() => undefined)
  await deleting
  await served.restart(base)
  const watch = await TestWatch.open(served.client)
  await watch.until((events) => events.length === 1)
  watch.close()
  expect(watch.story('one')).toEqual(['deleted'])
})

test('a delete that ends while the driver shuts down is told before the watch ends', async () => {
  const base = memoryDriver(memoryBackend())
  let finish = () => {}
  let begun = () => {}
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const deleting = new Promise<void>((resolve) => {
    begun = resolve
  })
  const driver = defineDriver({
    ...base,
    async delete(sandbox) {
      begun()
      await finished
      await base.delete(sandbox, undefined as never)
    },
  })
  await using served = await serveInTest(driver)
  await served.client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  const watching = computeClient(served.socketPath)
  const watch = await TestWatch.open(watching)
  const deleted = served.client.unary('deleteSandbox', { sandboxId: 'one' })
  await deleting
  const closed = served.server.close()
  finish()
  expect((await deleted).deleted).toBe(true)
  await watch.ended()
  await closed
  watching.close()
  expect(watch.story('one')).toEqual(['True BackendReady', 'deleting', 'deleted'])
})
