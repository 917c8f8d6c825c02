import { expect, test } from 'vitest'
import { OpenShellError, type OpenShellErrorFields } from '../errors.js'
import { DEFAULT_RETRY, mayRepeatIdentified, mayRepeatRead, retryDelayMs } from './retry.js'

const failure = (fields: Partial<OpenShellErrorFields> = {}) =>
  new OpenShellError({ kind: 'unavailable', message: 'x', retryable: true, ...fields })

test('doubles the bound of the pause up to the maximum, and pauses anywhere below it', () => {
  const bounds = [1, 2, 3, 10].map((attempt) => retryDelayMs(DEFAULT_RETRY, attempt, failure(), () => 1))
  expect(bounds).toEqual([200, 400, 800, 5_000])
  expect(retryDelayMs(DEFAULT_RETRY, 3, failure(), () => 0)).toBe(0)
})

test('never pauses for less than the gateway asked for', () => {
  expect(retryDelayMs(DEFAULT_RETRY, 1, failure({ retryAfterMs: 900 }), () => 0.5)).toBe(900)
})

test.each([
  ['unavailable', true, true, true],
  ['resource-exhausted', true, true, false],
  ['timeout', true, true, true],
  // A time limit of the caller's own signal.
  ['timeout', false, false, false],
  ['invalid-argument', false, false, false],
  ['outcome-uncertain', false, false, false],
] as const)('after %s (retryable: %s) repeats a read: %s, a change with an id: %s', (kind, retryable, read, change) => {
  expect(mayRepeatRead(failure({ kind, retryable }))).toBe(read)
  expect(mayRepeatIdentified(failure({ kind, retryable }))).toBe(change)
})
