import { status as codes } from '@grpc/grpc-js'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runHandler } from './run-handler.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const unlimited = { handler: 'stop', limitMs: 0, abort: () => expect.unreachable() } as const

function deferred() {
  let resolve = (_value: string) => {}
  const promise = new Promise<string>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

test('it settles as the handler does, also when the handler throws at once', async () => {
  const run = { ...unlimited, signal: new AbortController().signal, graceMs: 10, onLate: () => expect.unreachable() }
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
  const run = { ...unlimited, signal: controller.signal, graceMs: 1_000, onLate: () => void late++ }
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
  const run = { ...unlimited, signal: controller.signal, graceMs: 1_000, onLate: () => expect.unreachable() }
  const outcome = runHandler(() => handler.promise, run)
  controller.abort()
  await vi.advanceTimersByTimeAsync(500)
  handler.resolve('in time')
  expect(await outcome).toBe('in time')
  expect(vi.getTimerCount()).toBe(0)
})

test('a handler whose signal has aborted already has the grace time too', async () => {
  const run = { ...unlimited, signal: AbortSignal.abort(), graceMs: 1_000, onLate: () => undefined }
  const outcome = runHandler(() => new Promise(() => {}), run).catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await outcome).toBeInstanceOf(Error)
})

test('a handler that reaches its limit is told to end, and the limit is named whatever it throws then', async () => {
  const controller = new AbortController()
  const run = { signal: controller.signal, graceMs: 1_000, onLate: () => expect.unreachable() }
  const aborted = () =>
    new Promise<string>((_, reject) => {
      controller.signal.addEventListener('abort', () => reject(new Error('fetch failed')))
    })
  const outcome = runHandler(aborted, { ...run, handler: 'stop', limitMs: 5_000, abort: () => controller.abort() })
  const error = outcome.catch((reason: unknown) => reason)
  await vi.advanceTimersByTimeAsync(4_999)
  expect(controller.signal.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(await error).toMatchObject({
    code: codes.DEADLINE_EXCEEDED,
    message: expect.stringContaining('"stop" handler did not end within 5000 ms'),
  })
  expect(vi.getTimerCount()).toBe(0)
})

test('a handler that ignores its limit is given up after the grace time', async () => {
  const controller = new AbortController()
  const run = { signal: controller.signal, graceMs: 1_000, onLate: () => expect.unreachable() }
  const hanging = () => new Promise<string>(() => {})
  const outcome = runHandler(hanging, { ...run, handler: 'delete', limitMs: 5_000, abort: () => controller.abort() })
  const error = outcome.catch((reason: unknown) => reason)
  await vi.advanceTimersByTimeAsync(6_000)
  expect(await error).toMatchObject({
    code: codes.DEADLINE_EXCEEDED,
    message: expect.stringContaining('raise handlerLimitsMs.delete in defineDriver'),
  })
})
