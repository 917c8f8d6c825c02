import { setTimeout as sleep } from 'node:timers/promises'
import { isPassing } from '../errors/is-passing.js'
import type { OpenShellError } from '../errors/openshell-error.js'
import { isRefusedStream } from './error-codes.js'

/** How calls are repeated: reads always, changes only with a request id that lets them happen once. */
export interface RetryOptions {
  /** How often a call is sent at most, the first time included; 1 turns repetition off. @default 4 */
  readonly maxAttempts?: number
  /** Upper bound of the first pause; each further bound is twice as long. @default 200 */
  readonly baseDelayMs?: number
  /** Upper bound of every pause. @default 5000 */
  readonly maxDelayMs?: number
  /** Limit of one attempt, after which the call is sent again; 0 means all the time that is left. @default 0 */
  readonly attemptTimeoutMs?: number
}

/** A policy without gaps. */
export type RetryPolicy = Required<RetryOptions>

/** What is used where the caller says nothing. */
export const DEFAULT_RETRY: RetryPolicy = {
  maxAttempts: 4,
  baseDelayMs: 200,
  maxDelayMs: 5_000,
  attemptTimeoutMs: 0,
}

/** Full jitter: anything between 0 and the bound of this attempt, but never less than what the gateway asked for. */
export function retryDelayMs(
  policy: RetryPolicy,
  attempt: number,
  error: OpenShellError,
  random = Math.random,
): number {
  const bound = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1))
  return Math.max(random() * bound, error.retryAfterMs ?? 0)
}

/** True when a read that failed like this may be sent again. */
export function mayRepeatRead(error: OpenShellError): boolean {
  return isPassing(error)
}

/** True when a change with a request id that failed like this may be sent again, with the same id. */
export function mayRepeatIdentified(error: OpenShellError): boolean {
  // Callers have a quota of ids.
  return isPassing(error) && error.kind !== 'resource-exhausted'
}

/** True when a change without a request id may be sent again: the server has said that it did not look at it. */
export function mayRepeatUnidentified({ dispatched, cause }: OpenShellError): boolean {
  return !dispatched && isRefusedStream(cause)
}

/** Pauses; resolves early when the signal aborts, so that the caller looks at it. */
export async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await sleep(delayMs, undefined, { signal }).catch(() => undefined)
}
