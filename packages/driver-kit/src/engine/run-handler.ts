import { status as codes } from '@grpc/grpc-js'
import { StatusError } from '../contract/status-error.js'
import { handlerLimitText, type LimitedHandler } from '../driver/handler-limits.js'
import type { EndSignal } from './lazy-signal.js'

/** How long the engine waits for a handler. */
export interface HandlerRun {
  /** Which handler runs, for the texts. */
  readonly handler: LimitedHandler
  /** How long it may run before it is told to end; `0` waits for ever. */
  readonly limitMs: number
  /** What tells the handler to end. */
  readonly signal: EndSignal
  /** Aborts the signal, because the limit is reached. */
  readonly abort: () => void
  /** How long the handler may go on after the signal has aborted. */
  readonly graceMs: number
  /** Called when a handler that was given up settles after all, with whether it succeeded. */
  readonly onLate: (succeeded: boolean) => void
}

/**
 * Runs a handler and settles as it does, unless it goes on for too long: at its limit it is told to end, and when it goes on
 * for the grace time after it was told, it is left to itself. This rejects with DEADLINE_EXCEEDED when the limit was
 * reached, and with ABORTED when the signal aborted for another reason.
 */
export function runHandler<Result>(handler: () => PromiseLike<Result> | Result, run: HandlerRun): Promise<Result> {
  const { signal, graceMs, onLate, limitMs } = run
  return new Promise((resolve, reject) => {
    let settled = false
    let limited = false
    let grace: NodeJS.Timeout | undefined
    const settle = (succeeded: boolean, finish: () => void) => {
      clearTimeout(limit)
      clearTimeout(grace)
      signal.removeEventListener('abort', onAbort)
      if (settled) {
        onLate(succeeded)
        return
      }
      settled = true
      finish()
    }
    const giveUp = () => {
      settled = true
      reject(limited ? limitReached(run) : tooLate())
    }
    const onAbort = () => {
      clearTimeout(limit)
      grace = setTimeout(giveUp, graceMs)
      grace.unref()
    }
    const onLimit = () => {
      limited = true
      run.abort()
    }
    const limit = limitMs === 0 ? undefined : setTimeout(onLimit, limitMs)
    limit?.unref()
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    // A handler that ends because it was told to throws whatever its own calls throw; the limit is the reason.
    const fail = (error: unknown) => settle(false, () => reject(limited ? limitReached(run) : error))
    try {
      Promise.resolve(handler()).then((result) => settle(true, () => resolve(result)), fail)
    } catch (error) {
      fail(error)
    }
  })
}

/** The status of a handler that has reached its limit. */
export function limitReached({ handler, limitMs }: Pick<HandlerRun, 'handler' | 'limitMs'>): StatusError {
  return new StatusError(codes.DEADLINE_EXCEEDED, handlerLimitText(handler, limitMs))
}

function tooLate(): StatusError {
  return new StatusError(codes.ABORTED, 'the driver did not end the operation in time after it was cancelled')
}
