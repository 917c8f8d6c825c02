import { OpenShellError } from '../errors/openshell-error.js'
import type { CallScope } from '../transport/call-scope.js'
import type { Gateway } from '../transport/gateway.js'
import { linkSignals } from '../transport/linked-signal.js'
import type { RequestOptions } from './request-options.js'
import { WaitClock } from './wait-clock.js'

const MIN_DELAY_MS = 250
const MAX_DELAY_MS = 2_000

/** How long a wait that asks again and again lasts. */
export interface PollOptions extends RequestOptions {
  /** Limit of the whole wait; 0 means none. @default 60000 */
  readonly timeoutMs?: number
}

/** Names of all options, for the check of mistyped ones. */
export const POLL_OPTIONS = ['timeoutMs', 'signal'] as const satisfies readonly (keyof PollOptions)[]

/** What a state means for a wait: go on, done, or a sentence that says why it cannot get there. */
export type PollVerdict = 'pending' | 'reached' | { readonly failed: string }

/** What is waited for, in words. */
export interface PollGoal<T> {
  /** What waits, such as `Provider "a" of sandbox "b"`. */
  readonly subject: string
  readonly judge: (state: T) => PollVerdict
  readonly describe: (state: T) => string
}

/** Asks until the goal is reached. Throws kind `wait-failed` as soon as that has become impossible, and `timeout` when time is up. */
export async function pollUntil<T>(
  gateway: Gateway,
  scope: Omit<CallScope, 'signal'>,
  ask: (signal: AbortSignal) => Promise<T>,
  goal: PollGoal<T>,
  { timeoutMs = 60_000, signal }: PollOptions,
): Promise<T> {
  const clock = new WaitClock({ timeoutMs, idleTimeoutMs: 0 })
  const link = linkSignals(signal, clock.signal)
  let last = 'nothing was heard of it'
  try {
    for (let delayMs = MIN_DELAY_MS; ; delayMs = Math.min(MAX_DELAY_MS, delayMs * 2)) {
      const state = await ask(link.signal)
      last = goal.describe(state)
      const verdict = goal.judge(state)
      if (verdict === 'reached') return state
      if (verdict !== 'pending') throw waitError(scope, 'wait-failed', `${goal.subject}: ${verdict.failed}; ${last}.`)
      await gateway.pause(delayMs * (0.5 + Math.random() / 2), { ...scope, signal: link.signal })
    }
  } catch (error) {
    if (clock.expired === undefined || signal?.aborted) throw error
    throw waitError(scope, 'timeout', `${goal.subject}: not there in time (${clock.expired}); ${last}.`, error)
  } finally {
    clock.stop()
    link.release()
  }
}

function waitError(
  { rpc, sandboxName }: Omit<CallScope, 'signal'>,
  kind: 'wait-failed' | 'timeout',
  message: string,
  cause?: unknown,
): OpenShellError {
  return new OpenShellError({ kind, message, rpc, sandboxName, attempts: 1, retryable: kind === 'timeout', cause })
}
