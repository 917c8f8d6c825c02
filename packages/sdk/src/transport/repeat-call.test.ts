import { expect, test } from 'vitest'
import { OpenShellError } from '../errors/openshell-error.js'
import { type Attempt, repeatCall } from './repeat-call.js'
import { DEFAULT_RETRY } from './retry.js'

const failure = (dispatched: boolean) => new OpenShellError({ kind: 'unavailable', message: 'x', dispatched })

async function attemptsOf(
  failures: readonly OpenShellError[],
  options: { readonly totalMs?: number; readonly attemptTimeoutMs?: number } = {},
): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = []
  await repeatCall(
    {
      policy: { ...DEFAULT_RETRY, maxAttempts: 3, baseDelayMs: 0, ...options },
      totalMs: options.totalMs ?? 0,
      mayRepeat: () => true,
      pause: async () => undefined,
    },
    async (attempt) => {
      attempts.push(attempt)
      const error = failures[attempt.number - 1]
      if (error) throw error
    },
  ).catch(() => undefined)
  return attempts
}

test('every attempt knows whether the gateway may have acted on an earlier one', async () => {
  const attempts = await attemptsOf([failure(false), failure(true)])
  expect(attempts.map(({ dispatchedBefore }) => dispatchedBefore)).toEqual([false, false, true])
})

test('gives up after the last attempt', async () => {
  expect(await attemptsOf(Array.from({ length: 9 }, () => failure(false)))).toHaveLength(3)
})

test('an attempt has its own limit, and never more than is left of the whole', async () => {
  expect(await attemptsOf([])).toMatchObject([{ timeoutMs: Number.POSITIVE_INFINITY }])
  expect(await attemptsOf([], { attemptTimeoutMs: 50 })).toMatchObject([{ timeoutMs: 50 }])
  const [attempt] = await attemptsOf([], { totalMs: 40, attemptTimeoutMs: 50 })
  expect(attempt?.timeoutMs).toBeLessThanOrEqual(40)
})

test('does not begin an attempt that has no time', async () => {
  expect(await attemptsOf([failure(false)], { totalMs: 5 })).toHaveLength(1)
})
