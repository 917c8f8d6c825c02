import { handlerLimitMs } from '../driver/handler-limits.js'
import type { EngineParts } from './engine-parts.js'
import { endContext } from './handler-contexts.js'
import { runHandler } from './run-handler.js'
import type { SandboxEntry } from './sandbox-entry.js'

/**
 * Removes a sandbox from the backend, and then from the store. Rejects when the backend may still have something of it;
 * `onLate` is called when the backend has removed it after all.
 */
export async function removeSandbox(
  parts: EngineParts,
  entry: SandboxEntry,
  onLate: () => void = () => undefined,
): Promise<void> {
  const { driver, writer, store, abortGraceMs, logger } = parts
  const limit = new AbortController()
  await runHandler(() => driver.delete(entry.sandbox, endContext(parts, entry, limit.signal)), {
    handler: 'delete',
    limitMs: handlerLimitMs(driver.handlerLimitsMs, 'delete'),
    signal: limit.signal,
    abort: () => limit.abort(),
    graceMs: abortGraceMs,
    onLate: (succeeded) => {
      logger.warn({ sandboxId: entry.id, succeeded }, 'A delete that was given up has ended after all')
      if (succeeded) onLate()
    },
  })
  await writer.forget(entry)
  await store.remove(entry.id)
}
