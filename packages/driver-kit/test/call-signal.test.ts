import { status as codes } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { defineDriver } from '../src/index.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { rejection } from './rejection.js'
import { sandboxMessage, serveInTest } from './serve-in-test.js'

/** A driver that keeps the signals of its validations; one of the sandbox `hangs` ends when its signal does. */
function signalKeeper() {
  const signals: AbortSignal[] = []
  let began = () => {}
  const hanging = new Promise<void>((resolve) => {
    began = resolve
  })
  const driver = defineDriver({
    ...memoryDriver(memoryBackend()),
    async validate(sandbox, { signal }) {
      signals.push(signal)
      if (sandbox.id !== 'hangs') return
      began()
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    },
  })
  return { driver, signals, hanging }
}

test('the signal of a call that was answered never aborts', async () => {
  const { driver, signals } = signalKeeper()
  await using served = await serveInTest(driver)
  for (const id of ['one', 'two', 'three']) {
    await served.client.unary('validateSandboxCreate', { sandbox: sandboxMessage(id) })
  }
  await served.server.close()
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, false])
})

test('the signal of a call that is given up aborts', async () => {
  const { driver, signals, hanging } = signalKeeper()
  await using served = await serveInTest(driver)
  const caller = new AbortController()
  const request = { sandbox: sandboxMessage('hangs') }
  const call = rejection(served.client.unary('validateSandboxCreate', request, { signal: caller.signal }))
  await hanging
  caller.abort()
  expect((await call).code).toBe(codes.CANCELLED)
  await expect.poll(() => signals[0]?.aborted).toBe(true)
})
