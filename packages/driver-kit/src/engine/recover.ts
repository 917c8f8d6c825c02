import { handlerLimitMs } from '../driver/handler-limits.js'
import { checkSandboxState, type SandboxState } from '../driver/sandbox-state.js'
import type { OperationParts } from './operation-parts.js'
import { runBounded } from './run-bounded.js'
import { runHandler } from './run-handler.js'
import { SandboxEntry } from './sandbox-entry.js'
import type { StoredSandbox } from './sandbox-store.js'
import { readStoredConfig } from './stored-config.js'

/** How many sandboxes are cleaned up at the same time, so that a backend that has just come up is not flooded. */
const cleanups = 16

/** What a sandbox is when it should run and the backend does not have it any more. */
const lost: SandboxState = {
  type: 'failed',
  // Gateways of line 0.1 start a sandbox with this reason again when they manage its lifecycle.
  reason: 'ContainerStopped',
  message: 'The sandbox was not running any more when the driver started again.',
}

/**
 * Takes up what an earlier process left: all sandboxes are listed again with the state that the backend reports, creates
 * that were cut off are undone, and deletes that were cut off are finished. No sandbox is started.
 */
export async function recover(parts: OperationParts): Promise<void> {
  const { store, driver, registry, settings, logger } = parts
  const { sandboxes, broken } = await store.load()
  for (const { place, problem } of broken) logger.error({ place }, problem)
  const entries = sandboxes.map((stored) => toEntry(parts, stored))
  for (const entry of entries) registry.add(entry)
  const limit = new AbortController()
  const context = {
    settings,
    logger,
    get sandboxes() {
      return entries.map((entry) => entry.sandbox)
    },
  }
  const observations = await runHandler(() => driver.list(context), {
    handler: 'list',
    limitMs: handlerLimitMs(driver.handlerLimitsMs, 'list'),
    signal: limit.signal,
    abort: () => limit.abort(),
    // The handler has no signal, so there is nothing that it could end in time.
    graceMs: 0,
    onLate: () => undefined,
  })
  const observed = new Map(observations.map(({ id, state }) => [id, checkSandboxState(state)]))
  for (const id of observed.keys()) {
    if (registry.get(id) === undefined)
      logger.warn({ sandboxId: id }, 'The backend has a sandbox without a record; left alone')
  }
  await runBounded(entries, cleanups, (entry) => settle(parts, entry, observed.get(entry.id)))
  if (entries.length > 0) logger.info({ sandboxes: entries.length, broken: broken.length }, 'Recovered')
}

function toEntry(parts: OperationParts, stored: StoredSandbox): SandboxEntry {
  const config = readStoredConfig(parts, stored.record, stored.environment)
  if (!config.ok) {
    const sandboxId = stored.record.spec.id
    parts.logger.warn(
      { sandboxId, reason: config.status.message },
      'A stored config cannot be used; the sandbox cannot be started',
    )
  }
  const entry = new SandboxEntry(stored.record, config)
  entry.attach(stored)
  return entry
}

async function settle(parts: OperationParts, entry: SandboxEntry, observed: SandboxState | undefined): Promise<void> {
  const { operation } = entry.record
  if (operation === 'create' || operation === 'delete') {
    entry.deleting = true
    await entry.lane.run(() => parts.reaper.reap(parts, entry))
    return
  }
  entry.restarted = true
  const before = entry.record
  entry.setOperation(undefined)
  entry.setState(observed ?? stateOfAbsent(before.state, operation), new Date())
  if (operation !== undefined || entry.state.type !== before.state.type) parts.writer.saveSoon(entry)
}

// A backend need not list what does not run, so only a sandbox that should run is missed.
function stateOfAbsent(known: SandboxState, operation: 'start' | 'stop' | undefined): SandboxState {
  if (operation !== undefined) return { type: 'stopped' }
  switch (known.type) {
    case 'stopped':
    case 'exited':
    case 'failed':
      return known
    case 'stopping':
      return { type: 'stopped' }
    default:
      return lost
  }
}
