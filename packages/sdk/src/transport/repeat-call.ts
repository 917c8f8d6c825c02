import { OpenShellError } from '../errors/openshell-error.js'
import { type RetryPolicy, retryDelayMs } from './retry.js'

/** One try of a call. */
export interface Attempt {
  /** Counts from 1. */
  readonly number: number
  /** What is left for it; infinite without a limit. */
  readonly timeoutMs: number
  /** True when the gateway may have acted on an earlier try. */
  readonly dispatchedBefore: boolean
}

/** How a call is tried again. */
export interface RepeatOptions {
  readonly policy: RetryPolicy
  /** Limit of all attempts and pauses; 0 means none. */
  readonly totalMs: number
  mayRepeat(error: OpenShellError): boolean
  /** Pauses after so many attempts; throws when the caller gives up meanwhile. */
  pause(delayMs: number, attempts: number): Promise<void>
}

// Less time than this is no time for another try.
const MIN_ATTEMPT_MS = 10

/** Tries a call until it succeeds, fails for good, or its time is over; throws the last error then. */
export async function repeatCall<T>(
  { policy, totalMs, mayRepeat, pause }: RepeatOptions,
  send: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const endsAt = totalMs === 0 ? Number.POSITIVE_INFINITY : performance.now() + totalMs
  const attemptMs = policy.attemptTimeoutMs === 0 ? Number.POSITIVE_INFINITY : policy.attemptTimeoutMs
  let dispatchedBefore = false
  for (let number = 1; ; number += 1) {
    try {
      const timeoutMs = Math.min(attemptMs, Math.max(1, endsAt - performance.now()))
      return await send({ number, timeoutMs, dispatchedBefore })
    } catch (error) {
      if (!(error instanceof OpenShellError) || number >= policy.maxAttempts || !mayRepeat(error)) throw error
      const delayMs = retryDelayMs(policy, number, error)
      if (performance.now() + delayMs + MIN_ATTEMPT_MS >= endsAt) throw error
      dispatchedBefore ||= error.dispatched
      await pause(delayMs, number)
    }
  }
}
