import type { SandboxState } from '../sandbox-state.js'
import type { EngineParts } from './engine-parts.js'
import { type LaunchMaterial, launchContext } from './handler-contexts.js'
import { requireAlive } from './require-alive.js'
import { runHandler } from './run-handler.js'
import type { SandboxEntry } from './sandbox-entry.js'

/**
 * Starts a sandbox again; one that runs, or is on its way to, is left alone.
 *
 * @throws StatusError when the stored config cannot be used by this version of the driver.
 */
export function startSandbox(parts: EngineParts, entry: SandboxEntry, material: LaunchMaterial): Promise<void> {
  return entry.lane.run(async () => {
    requireAlive(parts.registry, entry)
    if (entry.state.type === 'running' || entry.state.type === 'starting') return
    if (!entry.config.ok) throw entry.config.status
    await start(parts, entry, material)
  })
}

async function start(parts: EngineParts, entry: SandboxEntry, material: LaunchMaterial): Promise<void> {
  const { driver, reporter, writer, abortGraceMs } = parts
  const before = entry.state
  entry.nextLaunch()
  entry.setOperation('start')
  reporter.set(entry, { type: 'starting' })
  await writer.saveIfPossible(entry)
  try {
    const context = launchContext(parts, entry, material)
    const result = await runHandler<SandboxState | undefined>(
      async () => (await driver.start(entry.sandbox, context)) ?? undefined,
      {
        signal: entry.launch.signal,
        graceMs: abortGraceMs,
        onLate: () => void parts.reaper.sweepUp(parts, entry),
      },
    )
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
