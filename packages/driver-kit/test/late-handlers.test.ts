import { expect, test } from 'vitest'
import { type Driver, defineDriver, type Sandbox } from '../src/index.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { rejection } from './rejection.js'
import { type ComputeClient, sandboxMessage, serveInTest, TestWatch } from './serve-in-test.js'

const one = { sandboxId: 'one' }

/** A driver whose first call of one handler is deaf to its signal and goes on until it is released; later ones are quick. */
function firstCallHangs(handler: 'start' | 'stop') {
  const backend = memoryBackend()
  const base = memoryDriver(backend)
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  let settled = () => {}
  const ended = new Promise<void>((resolve) => {
    settled = resolve
  })
  let calls = 0
  const hang = async (sandbox: Sandbox, context: never) => {
    calls += 1
    const isFirst = calls === 1
    if (isFirst) await released
    await base[handler](sandbox, context)
    if (isFirst) settled()
  }
  const driver = defineDriver({ ...base, handlerLimitsMs: { [handler]: 20 }, [handler]: hang }) as unknown as Driver
  const end = async () => {
    release()
    await ended
    // What the engine makes of it comes in the sandbox's lane, after this.
    await new Promise(setImmediate)
  }
  return { backend, driver, end }
}

async function reason(client: ComputeClient): Promise<string | undefined> {
  const { sandbox } = await client.unary('getSandbox', one)
  return sandbox?.status?.conditions.find(({ type }) => type === 'Ready')?.reason
}

async function serve(driver: Driver) {
  const served = await serveInTest(driver, { abortGraceMs: 20 })
  await served.client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  return served
}

test('a stop that ends after it was given up is told, because its compute has stopped', async () => {
  const { driver, end } = firstCallHangs('stop')
  await using served = await serve(driver)
  const watch = await TestWatch.open(served.client)
  await rejection(served.client.unary('stopSandbox', one))
  expect(await reason(served.client)).toBe('BackendReady')
  await end()
  await watch.until(() => watch.story('one').at(-1) === 'False ContainerStopped')
  watch.close()
  await served.restart(memoryDriver(memoryBackend()))
  expect(await reason(served.client)).toBe('ContainerStopped')
})

test('a late stop says nothing of a run that has begun since', async () => {
  const { driver, end } = firstCallHangs('stop')
  await using served = await serve(driver)
  const { client } = served
  await rejection(client.unary('stopSandbox', one))
  await client.unary('stopSandbox', one)
  await client.unary('startSandbox', one)
  await end()
  expect(await reason(client)).toBe('BackendReady')
})

test('a late stop does not bring a deleted sandbox back, nor touch the next one of its id', async () => {
  const { driver, end } = firstCallHangs('stop')
  await using served = await serve(driver)
  const { client } = served
  await rejection(client.unary('stopSandbox', one))
  await client.unary('deleteSandbox', one)
  await client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  const watch = await TestWatch.open(client)
  await end()
  await client.unary('deleteSandbox', one)
  await watch.until(() => watch.story('one').includes('deleted'))
  watch.close()
  expect(watch.story('one')).toEqual(['True BackendReady', 'deleting', 'deleted'])
})

test('a late start does not stop a run that has begun since', async () => {
  const { driver, backend, end } = firstCallHangs('start')
  await using served = await serve(driver)
  const { client } = served
  await client.unary('stopSandbox', one)
  await rejection(client.unary('startSandbox', one))
  await client.unary('startSandbox', one)
  const before = backend.calls.length
  await end()
  expect(backend.calls.slice(before)).toEqual(['start one'])
  expect([await reason(client), backend.sandboxes.get('one')]).toEqual(['BackendReady', { type: 'running' }])
})
