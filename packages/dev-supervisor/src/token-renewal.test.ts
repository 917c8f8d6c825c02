import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SandboxToken } from './sandbox-token.js'
import { keepTokenFresh, renewalDelayMs } from './token-renewal.js'

const NOW = 1_700_000_000_000
const HOUR = 3_600_000

function tokenFor(lifeMs: number): string {
  const claims = { exp: (NOW + lifeMs) / 1000 }
  const token = `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`
  // "Bearer " and the token make a multiple of ten, so that nothing is added to the delay.
  return token + 's'.repeat((10 - ((token.length + 7) % 10)) % 10)
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date', 'setTimeout', 'clearTimeout'] })
})

afterEach(() => {
  vi.useRealTimers()
})

test('80 % of the life that is left, between 1 s and 12 h', () => {
  expect(renewalDelayMs(new SandboxToken(tokenFor(HOUR)), NOW)).toBe(0.8 * HOUR)
  expect(renewalDelayMs(new SandboxToken(tokenFor(-HOUR)), NOW)).toBe(1_000)
  expect(renewalDelayMs(new SandboxToken(tokenFor(100 * HOUR)), NOW)).toBe(12 * HOUR)
})

test('up to 9 % more, by the length of the token', () => {
  expect(renewalDelayMs(new SandboxToken(`${tokenFor(HOUR)}123`), NOW)).toBeCloseTo(0.8 * HOUR * 1.03)
})

test('a token that never expires is never renewed', async () => {
  const renew = vi.fn()
  const { signal } = new AbortController()
  await keepTokenFresh({ token: new SandboxToken('opaque'), renew, logger: pino({ level: 'silent' }), signal })
  expect(renew).not.toHaveBeenCalled()
})
