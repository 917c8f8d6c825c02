import type { EngineParts } from './engine-parts.js'
import type { Launch } from './launch.js'
import { requireAlive } from './require-alive.js'
import { runStop } from './run-stop.js'
import type { SandboxEntry } from './sandbox-entry.js'

/** Stops a sandbox; one that is stopped already is left alone. Resolves when its compute has stopped. */
export function stopSandbox(parts: EngineParts, entry: SandboxEntry): Promise<void> {
  return entry.lane.run(async () => {
    requireAlive(parts.registry, entry)
    if (entry.state.type !== 'stopped') await stop(parts, entry)
  })
}

async function stop(parts: EngineParts, entry: SandboxEntry): Promise<void> {
  const { reporter, writer } = parts
  const { state: before, launch } = entry
  entry.reported = undefined
  launch.abort()
  const ending = new AbortController()
  entry.stopping = ending
  entry.setOperation('stop')
  reporter.set(entry, { type: 'stopping' })
  await writer.saveIfPossible(entry)
  try {
    await runStop(parts, entry, {
      ending,
      onLate: (succeeded) => finishLate(parts, entry, { launch, succeeded }),
    })
    launch.end()
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

/**
 * Takes note of a stop that has ended after it was given up: the run that it was asked for has stopped now, whatever its
 * caller was told. Of a run that has begun since then it says nothing.
 */
function finishLate(
  { registry, reporter, writer, logger }: EngineParts,
  entry: SandboxEntry,
  { launch, succeeded }: { launch: Launch; succeeded: boolean },
): void {
  logger.warn({ sandboxId: entry.id, succeeded }, 'A stop that was given up has ended after all')
  if (!succeeded) return
  void entry.lane.run(async () => {
    if (registry.get(entry.id) !== entry || entry.deleting || entry.launch !== launch) return
    launch.end()
    reporter.set(entry, { type: 'stopped' })
    await writer.saveIfPossible(entry)
  })
}
