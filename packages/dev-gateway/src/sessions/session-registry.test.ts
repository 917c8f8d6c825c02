import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SessionRegistry } from './session-registry.js'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const open = (registry: SessionRegistry, sandboxId = 'a') => registry.open(sandboxId, () => undefined)

test('a second session replaces the first, whose end then changes nothing', () => {
  const registry = new SessionRegistry()
  const first = open(registry)
  const second = open(registry)
  expect([first.superseded, second.superseded]).toEqual([false, true])
  expect(first.session.ended.aborted).toBe(true)
  expect(registry.close(first.session)).toBe(false)
  expect(registry.get('a')?.sessionId).toBe(second.session.sessionId)
  expect(registry.close(second.session)).toBe(true)
  expect(registry.connected('a')).toBe(false)
})

test('ending a session tells its stream', () => {
  const registry = new SessionRegistry()
  const { session } = open(registry)
  const { ended } = session
  registry.end('a')
  expect([ended.aborted, session.ended]).toEqual([true, ended])
  expect(registry.connected('a')).toBe(false)
})

test('someone who waits gets the session that comes, and not before its first message could be sent', async () => {
  const registry = new SessionRegistry()
  const waiting = registry.waitFor('a', 1000)
  let released = false
  void waiting.then(() => {
    released = true
  })
  open(registry, 'b')
  const { session } = open(registry)
  expect(released).toBe(false)
  expect(await waiting).toBe(registry.get('a'))
  expect(session.sandboxId).toBe('a')
  expect(vi.getTimerCount()).toBe(0)
})

test('someone who waits for nothing gets nothing', async () => {
  const registry = new SessionRegistry()
  const waiting = registry.waitFor('a', 1000)
  vi.advanceTimersByTime(999)
  const early = await Promise.race([waiting, Promise.resolve('waiting')])
  vi.advanceTimersByTime(1)
  expect([early, await waiting]).toEqual(['waiting', undefined])
})

test('ending all ends sessions and waits, and leaves no timer', async () => {
  const registry = new SessionRegistry()
  const { session } = open(registry)
  const waiting = registry.waitFor('b', 1000)
  registry.endAll()
  expect(session.ended.aborted).toBe(true)
  expect(await waiting).toBeUndefined()
  expect(vi.getTimerCount()).toBe(0)
})
