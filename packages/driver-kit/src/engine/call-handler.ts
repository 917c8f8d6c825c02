import { handlerLimitMs, type LimitedHandler } from '../handler-limits.js'
import type { EngineParts } from './engine-parts.js'
import { runHandler } from './run-handler.js'

/** Runs a handler for a call that changes no sandbox: its signal aborts when the caller gives up or the limit is reached. */
export function callHandler<Result>(
  { driver, abortGraceMs }: Pick<EngineParts, 'driver' | 'abortGraceMs'>,
  handler: LimitedHandler,
  signal: AbortSignal,
  run: (signal: AbortSignal) => PromiseLike<Result> | Result,
): Promise<Result> {
  const limit = new AbortController()
  const ended = AbortSignal.any([signal, limit.signal])
  return runHandler(() => run(ended), {
    handler,
    limitMs: handlerLimitMs(driver.handlerLimitsMs, handler),
    signal: ended,
    abort: () => limit.abort(),
    graceMs: abortGraceMs,
    onLate: () => undefined,
  })
}
