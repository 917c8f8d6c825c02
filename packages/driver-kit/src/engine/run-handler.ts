import { status as codes } from '@grpc/grpc-js'
import { StatusError } from '../contract/status-error.js'

/** How long the engine waits for a handler. */
export interface HandlerRun {
  /** What tells the handler to end. */
  readonly signal: AbortSignal
  /** How long the handler may go on after the signal has aborted. */
  readonly graceMs: number
  /** Called when a handler that was given up settles after all. */
  readonly onLate: () => void
}

/**
 * Runs a handler and settles as it does, unless it goes on for too long after its signal has aborted: then this rejects
 * with ABORTED, and the handler is left to itself.
 */
export function runHandler<Result>(
  handler: () => PromiseLike<Result> | Result,
  { signal, graceMs, onLate }: HandlerRun,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    let settled = false
    let timer: NodeJS.Timeout | undefined
    const settle = (finish: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      if (settled) {
        onLate()
        return
      }
      settled = true
      finish()
    }
    const giveUp = () => {
      settled = true
      reject(new StatusError(codes.ABORTED, 'the driver did not end the operation in time after it was cancelled'))
    }
    const onAbort = () => {
      timer = setTimeout(giveUp, graceMs)
      timer.unref()
    }
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    Promise.resolve()
      .then(handler)
      .then(
        (result) => settle(() => resolve(result)),
        (error: unknown) => settle(() => reject(error)),
      )
  })
}
