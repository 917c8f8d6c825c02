import { expect, test } from 'vitest'
import { OpenShellError, type OpenShellErrorFields } from '../errors/openshell-error.js'
import { DEFAULT_RETRY, mayRepeatIdentified, mayRepeatRead, retryDelayMs } from './retry.js'

const failure = (fields: Partial<OpenShellErrorFields> = {}) =>
  new OpenShellError({ kind: 'unavailable', message: 'x', ...fields })

test('doubles the bound of the pause up to the maximum, and pauses anywhere below it', () => {
  const bounds = [1, 2, 3, 10].map((attempt) => retryDelayMs(DEFAULT_RETRY, attempt, failure(), () => 1))
  expect(bounds).toEqual([200, 400, 800, 5_000])
  expect(retryDelayMs(DEFAULT_RETRY, 3, failure(), () => 0)).toBe(0)
})

test('never pauses for less than the gateway asked for', () => {
  expect(retryDelayMs(DEFAULT_RETRY, 1, failure({ retryAfterMs: 900 }), () => 0.5)).toBe(900)
})

test.each([
  ['unavailable', undefined, true, true],
  ['resource-exhausted', undefined, true, false],
  ['timeout', undefined, true, true],
  ['timeout', new DOMException('the time of the signal is over', 'TimeoutError'), false, false],
  ['invalid-argument', undefined, false, false],
  ['outcome-uncertain', undefined, false, false],
] as const)('after %s (cause: %s) repeats a read: %s, a change with an id: %s', (kind, cause, read, change) => {
  expect(mayRepeatRead(failure({ kind, cause }))).toBe(read)
  expect(mayRepeatIdentified(failure({ kind, cause }))).toBe(change)
})
