import { setTimeout as sleep } from 'node:timers/promises'
import type { OpenShellError } from '../errors.js'

/** How reads are repeated. Calls that change something are never repeated. */
export interface RetryOptions {
  /** How often a read is sent at most, the first time included; 1 turns repetition off. @default 4 */
  readonly maxAttempts?: number
  /** Upper bound of the first pause; each further bound is twice as long. @default 200 */
  readonly baseDelayMs?: number
  /** Upper bound of every pause. @default 5000 */
  readonly maxDelayMs?: number
}

/** A policy without gaps. */
export type RetryPolicy = Required<RetryOptions>

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

/** True when a read that failed like this may be sent again. Time limits are final: they cover all attempts. */
export function mayRetryRead({ kind, retryable }: OpenShellError): boolean {
  return retryable && (kind === 'unavailable' || kind === 'resource-exhausted')
}

/** Pauses; resolves early when the signal aborts, so that the caller looks at it. */
export async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await sleep(delayMs, undefined, { signal }).catch(() => undefined)
}
