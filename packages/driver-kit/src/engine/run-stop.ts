import { handlerLimitMs } from '../driver/handler-limits.js'
import type { EngineParts } from './engine-parts.js'
import { endContext } from './handler-contexts.js'
import { runHandler } from './run-handler.js'
import type { SandboxEntry } from './sandbox-entry.js'

/** How a stop is ended, and who is told when it has been given up and ends after all. */
export interface StopRun {
  readonly ending: AbortController
  readonly onLate: (succeeded: boolean) => void
}

/** Runs the driver's `stop` for a sandbox, within its limit. */
export function runStop(parts: EngineParts, entry: SandboxEntry, { ending, onLate }: StopRun): Promise<void> {
  const { driver, abortGraceMs } = parts
  return runHandler(() => driver.stop(entry.sandbox, endContext(parts, entry, ending.signal)), {
    handler: 'stop',
    limitMs: handlerLimitMs(driver.handlerLimitsMs, 'stop'),
    signal: ending.signal,
    abort: () => ending.abort(),
    graceMs: abortGraceMs,
    onLate,
  })
}
