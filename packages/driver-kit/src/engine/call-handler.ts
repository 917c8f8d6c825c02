import { handlerLimitMs, type LimitedHandler } from '../driver/handler-limits.js'
import type { EngineParts } from './engine-parts.js'
import type { LazySignal } from './lazy-signal.js'
import { runHandler } from './run-handler.js'

/**
 * Runs a handler for a call that changes no sandbox: `ended` aborts when the caller gives up or the limit is reached. What
 * the handler answers at once needs no promise.
 */
export function callHandler<Result>(
  { driver, abortGraceMs }: Pick<EngineParts, 'driver' | 'abortGraceMs'>,
  handler: LimitedHandler,
  ended: LazySignal,
  run: () => PromiseLike<Result> | Result,
): Promise<Result> | Result {
  const result = run()
  if (!isPromise(result)) return result
  return runHandler(() => result, {
    handler,
    limitMs: handlerLimitMs(driver.handlerLimitsMs, handler),
    signal: ended,
    abort: () => ended.abort(),
    graceMs: abortGraceMs,
    onLate: () => undefined,
  })
}

function isPromise<Result>(result: PromiseLike<Result> | Result): result is PromiseLike<Result> {
  return typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function'
}
