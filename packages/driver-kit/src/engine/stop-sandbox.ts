import { handlerLimitMs } from '../handler-limits.js'
import type { EngineParts } from './engine-parts.js'
import { endContext } from './handler-contexts.js'
import { requireAlive } from './require-alive.js'
import { runHandler } from './run-handler.js'
import type { SandboxEntry } from './sandbox-entry.js'

/** Stops a sandbox; one that is stopped already is left alone. Resolves when its compute has stopped. */
export function stopSandbox(parts: EngineParts, entry: SandboxEntry): Promise<void> {
  return entry.lane.run(async () => {
    requireAlive(parts.registry, entry)
    if (entry.state.type !== 'stopped') await stop(parts, entry)
  })
}

async function stop(parts: EngineParts, entry: SandboxEntry): Promise<void> {
  const { driver, reporter, writer, abortGraceMs } = parts
  const before = entry.state
  entry.reported = undefined
  entry.launch.abort()
  entry.stopping = new AbortController()
  entry.setOperation('stop')
  reporter.set(entry, { type: 'stopping' })
  await writer.saveIfPossible(entry)
  const stopping = entry.stopping
  const { signal } = stopping
  try {
    await runHandler(() => driver.stop(entry.sandbox, endContext(parts, entry, signal)), {
      handler: 'stop',
      limitMs: handlerLimitMs(driver.handlerLimitsMs, 'stop'),
      signal,
      abort: () => stopping.abort(),
      graceMs: abortGraceMs,
      onLate: () => undefined,
    })
    entry.launch.end()
    entry.setOperation(undefined)
    reporter.set(entry, { type: 'stopped' })
  } catch (error) {
    entry.setOperation(undefined)
    reporter.set(entry, entry.reported ?? before)
    throw error
  } finally {
    entry.stopping = undefined
    await writer.saveIfPossible(entry)
  }
}
