import { status as codes } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { type Driver, defineDriver, type HandlerLimits } from '../src/index.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { rejection } from './rejection.js'
import { sandboxMessage, serveInTest, TestWatch } from './serve-in-test.js'

type Handler = 'validate' | 'create' | 'start' | 'stop' | 'delete'

const brief = { validate: 20, create: 20, start: 20, stop: 20, delete: 20, list: 20 } satisfies HandlerLimits

/** A driver whose one handler hangs, deaf to its signal, until it is released. */
function hangingDriver(handler: Handler | 'list') {
  const backend = memoryBackend()
  const base = memoryDriver(backend)
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const hang = async (...args: unknown[]) => {
    await released
    const run = Reflect.get(base, handler) as ((...args: unknown[]) => Promise<unknown>) | undefined
    return run?.(...args)
  }
  const driver = defineDriver({ ...base, handlerLimitsMs: brief, [handler]: hang }) as typeof base
  return { backend, driver, release }
}

const served = (driver: Driver) => serveInTest(driver, { abortGraceMs: 20 })

test.each<Handler>(['validate', 'create', 'start', 'stop', 'delete'])(
  'a %s handler that hangs is given up with a text that names its limit',
  async (handler) => {
    const { driver } = hangingDriver(handler)
    await using server = await served(driver as unknown as Driver)
    const { client } = server
    const one = { sandboxId: 'one' }
    const calls = {
      validate: () => client.unary('validateSandboxCreate', { sandbox: sandboxMessage('one') }),
      create: () => client.unary('createSandbox', { sandbox: sandboxMessage('one') }),
      start: () => client.unary('startSandbox', one),
      stop: () => client.unary('stopSandbox', one),
      delete: () => client.unary('deleteSandbox', one),
    }
    if (handler !== 'create') await calls.create()
    if (handler === 'start') await calls.stop()
    const error = await rejection(calls[handler]())
    expect([error.code, error.details]).toEqual([
      codes.DEADLINE_EXCEEDED,
      expect.stringContaining(`"${handler}" handler did not end within 20 ms`),
    ])
    expect(error.details).toContain(`handlerLimitsMs.${handler} in defineDriver`)
  },
)

test('a driver whose list hangs does not start, and says why', async () => {
  const { driver } = hangingDriver('list')
  await expect(serveInTest(driver)).rejects.toThrow('"list" handler did not end within 20 ms')
})

test('a create that was given up is undone, and undone again when it ends after all', async () => {
  const { driver, backend, release } = hangingDriver('create')
  await using server = await served(driver as unknown as Driver)
  await rejection(server.client.unary('createSandbox', { sandbox: sandboxMessage('one') }))
  expect((await server.client.unary('listSandboxes', {})).sandboxes).toEqual([])
  release()
  await expect.poll(() => backend.calls).toEqual(['delete one', 'create one', 'delete one'])
  expect(backend.sandboxes.size).toBe(0)
})

test('a start that ends after it was given up is taken back, because its caller was told that it failed', async () => {
  const { driver, backend, release } = hangingDriver('start')
  await using server = await served(driver as unknown as Driver)
  await server.client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  await server.client.unary('stopSandbox', { sandboxId: 'one' })
  await rejection(server.client.unary('startSandbox', { sandboxId: 'one' }))
  release()
  await expect.poll(() => backend.calls.slice(-2)).toEqual(['start one', 'stop one'])
  expect(backend.sandboxes.get('one')).toEqual({ type: 'stopped' })
})

test('a sandbox whose delete hangs is kept, and gone when the handler has ended after all', async () => {
  const { driver, backend, release } = hangingDriver('delete')
  await using server = await served(driver as unknown as Driver)
  await server.client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  const watch = await TestWatch.open(server.client)
  await rejection(server.client.unary('deleteSandbox', { sandboxId: 'one' }))
  const { sandbox } = await server.client.unary('getSandbox', { sandboxId: 'one' })
  expect(sandbox?.status?.deleting).toBe(false)
  release()
  await watch.until(() => watch.story('one').includes('deleted'))
  watch.close()
  expect((await server.client.unary('deleteSandbox', { sandboxId: 'one' })).deleted).toBe(false)
  expect(backend.sandboxes.size).toBe(0)
})

test('a limit that cannot be waited for is refused when the driver is declared', () => {
  const declare = (handlerLimitsMs: object) => () =>
    defineDriver({ ...memoryDriver(memoryBackend()), handlerLimitsMs: handlerLimitsMs as HandlerLimits })
  expect(declare({ stop: 2 ** 31 })).toThrow('handlerLimitsMs.stop must be 0 to 2147483647 milliseconds')
  expect(declare({ stop: '5s' })).toThrow('handlerLimitsMs.stop must be')
  expect(declare({ watch: 5 })).toThrow('handlerLimitsMs has no "watch"')
  expect(declare({ stop: 0 })).not.toThrow()
})
