import { setTimeout as pause } from 'node:timers/promises'
import type { EngineParts } from './engine-parts.js'

const firstPauseMs = 1_000
const longestPauseMs = 30_000
/** A watch that ran for this long has worked, so that the next pause is the first one again. */
const provenMs = 60_000

/** Runs the author's `watch` until the signal aborts; starts it again, after a growing pause, whenever it ends. */
export async function runWatchLoop(parts: EngineParts, signal: AbortSignal): Promise<void> {
  const { driver, logger } = parts
  if (driver.watch === undefined) return
  const context = watchContext(parts, signal)
  let pauseMs = firstPauseMs
  while (!signal.aborted) {
    const started = performance.now()
    try {
      await driver.watch(context)
    } catch (error) {
      if (!signal.aborted) logger.error({ err: error }, "The driver's watch failed; starting it again")
    }
    if (performance.now() - started > provenMs) pauseMs = firstPauseMs
    await pause(pauseMs, undefined, { signal, ref: false }).catch(() => undefined)
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
}

function watchContext({ settings, logger, registry, reporter }: EngineParts, signal: AbortSignal) {
  return {
    settings,
    logger,
    signal,
    sandboxes: () => [...registry.values()].filter((entry) => entry.stored).map((entry) => entry.sandbox),
    report: (id: string, state: Parameters<typeof reporter.observe>[1]) => {
      const entry = registry.get(id)
      if (entry?.stored) reporter.observe(entry, state)
    },
  }
}
