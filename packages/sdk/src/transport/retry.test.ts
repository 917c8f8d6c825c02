import { expect, test } from 'vitest'
import { OpenShellError, type OpenShellErrorFields } from '../errors.js'
import { mayRetryRead, retryDelayMs } from './retry.js'

const policy = { maxAttempts: 4, baseDelayMs: 200, maxDelayMs: 5_000 }
const failure = (fields: Partial<OpenShellErrorFields> = {}) =>
  new OpenShellError({ kind: 'unavailable', message: 'x', retryable: true, ...fields })

test('doubles the bound of the pause up to the maximum, and pauses anywhere below it', () => {
  const bounds = [1, 2, 3, 10].map((attempt) => retryDelayMs(policy, attempt, failure(), () => 1))
  expect(bounds).toEqual([200, 400, 800, 5_000])
  expect(retryDelayMs(policy, 3, failure(), () => 0)).toBe(0)
})

test('never pauses for less than the gateway asked for', () => {
  expect(retryDelayMs(policy, 1, failure({ retryAfterMs: 900 }), () => 0.5)).toBe(900)
})

test.each([
  ['unavailable', true, true],
  ['resource-exhausted', true, true],
  ['timeout', true, false],
  ['invalid-argument', false, false],
] as const)('repeats a read after %s: %s', (kind, retryable, expected) => {
  expect(mayRetryRead(failure({ kind, retryable }))).toBe(expected)
})
