import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runHandler } from './run-handler.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function deferred() {
  let resolve = (_value: string) => {}
  const promise = new Promise<string>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

test('it settles as the handler does, also when the handler throws at once', async () => {
  const run = { signal: new AbortController().signal, graceMs: 10, onLate: () => expect.unreachable() }
  await expect(runHandler(() => 'done', run)).resolves.toBe('done')
  const thrower = () => {
    throw new Error('no')
  }
  await expect(runHandler(thrower, run)).rejects.toThrow('no')
})

test('a handler has the grace time after its signal aborts, and no more', async () => {
  const controller = new AbortController()
  const handler = deferred()
  let late = 0
  const run = { signal: controller.signal, graceMs: 1_000, onLate: () => void late++ }
  const outcome = runHandler(() => handler.promise, run).catch((error: unknown) => error)
  controller.abort()
  await vi.advanceTimersByTimeAsync(999)
  expect(vi.getTimerCount()).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(await outcome).toMatchObject({ message: expect.stringContaining('did not end the operation in time') })
  expect(late).toBe(0)
  handler.resolve('late')
  await vi.advanceTimersByTimeAsync(0)
  expect(late).toBe(1)
})

test('a handler that ends within the grace time is not late', async () => {
  const controller = new AbortController()
  const handler = deferred()
  const run = { signal: controller.signal, graceMs: 1_000, onLate: () => expect.unreachable() }
  const outcome = runHandler(() => handler.promise, run)
  controller.abort()
  await vi.advanceTimersByTimeAsync(500)
  handler.resolve('in time')
  expect(await outcome).toBe('in time')
  expect(vi.getTimerCount()).toBe(0)
})

test('a handler whose signal has aborted already has the grace time too', async () => {
  const run = { signal: AbortSignal.abort(), graceMs: 1_000, onLate: () => undefined }
  const outcome = runHandler(() => new Promise(() => {}), run).catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await outcome).toBeInstanceOf(Error)
})
