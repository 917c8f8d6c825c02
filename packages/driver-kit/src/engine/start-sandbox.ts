import { handlerLimitMs } from '../driver/handler-limits.js'
import type { SandboxState } from '../driver/sandbox-state.js'
import { type LaunchMaterial, launchContext } from './handler-contexts.js'
import type { OperationParts } from './operation-parts.js'
import { requireAlive } from './require-alive.js'
import { limitReached, runHandler } from './run-handler.js'
import { runStop } from './run-stop.js'
import type { SandboxEntry } from './sandbox-entry.js'

/**
 * Starts a sandbox again; one that runs, or is on its way to, is left alone.
 *
 * @throws StatusError when the stored config cannot be used by this version of the driver.
 */
export function startSandbox(parts: OperationParts, entry: SandboxEntry, material: LaunchMaterial): Promise<void> {
  return entry.lane.run(async () => {
    requireAlive(parts.registry, entry)
    if (isUp(entry.state)) return
    if (!entry.config.ok) throw entry.config.status
    await start(parts, entry, material)
  })
}

function isUp({ type }: SandboxState): boolean {
  return type === 'running' || type === 'starting'
}

async function start(parts: OperationParts, entry: SandboxEntry, material: LaunchMaterial): Promise<void> {
  const { driver, reporter, writer, abortGraceMs } = parts
  const before = entry.state
  entry.nextLaunch()
  entry.setOperation('start')
  reporter.set(entry, { type: 'starting' })
  await writer.saveIfPossible(entry)
  try {
    const context = launchContext(parts, entry, material)
    const limit = { handler: 'start', limitMs: handlerLimitMs(driver.handlerLimitsMs, 'start') } as const
    const result = await runHandler<SandboxState | undefined>(
      async () => (await driver.start(entry.sandbox, context)) ?? undefined,
      {
        ...limit,
        signal: entry.launch.signal,
        abort: () => entry.launch.abort(),
        graceMs: abortGraceMs,
        onLate: () => undoLate(parts, entry),
      },
    )
    if (entry.launch.signal.aborted && !entry.deleting) {
      undoLate(parts, entry)
      throw limitReached(limit)
    }
    reporter.set(entry, result ?? entry.reported ?? { type: 'running' })
  } catch (error) {
    entry.launch.end()
    reporter.set(entry, afterFailedStart(entry.reported, before))
    throw error
  } finally {
    entry.setOperation(undefined)
    await writer.saveIfPossible(entry)
  }
}

// A handler that has reported how the sandbox ended knows better than the state before the start.
function afterFailedStart(reported: SandboxState | undefined, before: SandboxState): SandboxState {
  return reported?.type === 'exited' || reported?.type === 'failed' ? reported : before
}

/** Takes back a start that has ended after it was given up, unless the sandbox has been started again since then. */
function undoLate(parts: OperationParts, entry: SandboxEntry): void {
  const { logger, registry, reaper } = parts
  if (entry.deleting || registry.get(entry.id) !== entry) {
    void reaper.sweepUp(parts, entry)
    return
  }
  const stopped = entry.lane.run(async () => {
    if (registry.get(entry.id) !== entry || isUp(entry.state)) return
    await runStop(parts, entry, { ending: new AbortController(), onLate: () => undefined })
  })
  stopped.catch((error: unknown) => {
    logger.error({ err: error, sandboxId: entry.id }, 'A start that was given up has ended and could not be taken back')
  })
}
