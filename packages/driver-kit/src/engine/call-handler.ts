import { handlerLimitMs, type LimitedHandler } from '../handler-limits.js'
import type { EngineParts } from './engine-parts.js'
import type { LazySignal } from './lazy-signal.js'
import { runHandler } from './run-handler.js'

/** Runs a handler for a call that changes no sandbox: `ended` aborts when the caller gives up or the limit is reached. */
export function callHandler<Result>(
  { driver, abortGraceMs }: Pick<EngineParts, 'driver' | 'abortGraceMs'>,
  handler: LimitedHandler,
  ended: LazySignal,
  run: () => PromiseLike<Result> | Result,
): Promise<Result> {
  return runHandler(run, {
    handler,
    limitMs: handlerLimitMs(driver.handlerLimitsMs, handler),
    signal: ended,
    abort: () => ended.abort(),
    graceMs: abortGraceMs,
    onLate: () => undefined,
  })
}
