import type { DriverSandbox } from '@openshell-ts/protocol/compute'
import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { completedPhase } from '../phases/completed-phase.js'
import { isFailedMainProcess } from '../phases/main-process-end.js'
import { readyCondition, withReady } from '../phases/phases.js'
import { isTimedOut, type SandboxRow } from '../records/sandbox-row.js'
import { removeSandbox } from '../store/gateway-store.js'
import { applySnapshot } from './apply-snapshot.js'
import { cleanUpCompute } from './clean-up-compute.js'
import type { ComputeContext } from './compute-context.js'
import { readDriverSandbox } from './read-driver-sandbox.js'

/** The sweep's two times. */
export interface SweepTimes {
  /** From the end of one sweep to the next, in milliseconds. */
  readonly intervalMs: number
  /** How long after its creation a row is safe from being pruned, in milliseconds. */
  readonly graceMs: number
}

// Rows of stopped compute are kept, as an error that says so: only the user may throw them away.
const retainedPhases = new Set([SandboxPhase.STOPPING, SandboxPhase.STOPPED, SandboxPhase.STARTING])

const resourceMissing = readyCondition(
  'False',
  'ComputeResourceMissing',
  'The compute driver could not find the retained sandbox resource; delete the sandbox to clean up its remaining state',
)

/** Compares the rows with what the driver has, at once and then at every interval, until `signal` aborts. Never rejects. */
export async function sweepRegularly(context: ComputeContext, times: SweepTimes, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await sweep(context, times.graceMs, signal)
    } catch (error) {
      if (!signal.aborted) context.logger.error({ err: error }, 'Store reconciliation sweep failed')
    }
    await context.clock.sleep(times.intervalMs, signal)
  }
}

/** Runs one sweep. Rejects, with the rest of the sweep undone, at the first answer that cannot be right. */
export async function sweep(context: ComputeContext, graceMs: number, signal?: AbortSignal): Promise<void> {
  const { store, sessions, rules } = context
  const startedAtMs = store.now()
  const listed = await list(context, signal)
  if (!listed) return
  for (const { id, name } of listed) {
    const row = store.sandboxes.get(id)
    if (!row || row.updatedAtMs >= startedAtMs) continue
    const sandbox = await readDriverSandbox(context, id, name)
    if (sandbox) applySnapshot(store.sandboxes, sandbox, sessions.connected(id), rules)
  }
  const listedIds = new Set(listed.map(({ id }) => id))
  for (const row of store.sandboxes.list()) {
    const young = store.now() - row.createdAtMs < graceMs
    if (listedIds.has(row.id) || row.updatedAtMs >= startedAtMs || young) continue
    const isGone = !(await readDriverSandbox(context, row.id, row.name))
    // Whoever has written it meanwhile knows more: it may be on its way back.
    if (isGone && store.sandboxes.get(row.id) === row) prune(context, row)
  }
}

async function list(
  { driver, logger }: ComputeContext,
  signal: AbortSignal | undefined,
): Promise<readonly DriverSandbox[] | undefined> {
  try {
    return (await driver.call('listSandboxes', {})).sandboxes
  } catch (error) {
    if (!signal?.aborted)
      logger.warn({ err: error }, 'The compute driver did not list its sandboxes; nothing is compared')
    return undefined
  }
}

// A main process that ended, for good or bad, is news that stays until the user deletes it, and so is a sandbox that was given up.
function keepsItsEnd(row: SandboxRow): boolean {
  const { status } = row
  return status.phase === completedPhase || isFailedMainProcess(status) || isTimedOut(row)
}

function prune(context: ComputeContext, row: SandboxRow): void {
  const { store, logger } = context
  const { id } = row
  if (keepsItsEnd(row)) return
  if (!retainedPhases.has(row.status.phase)) {
    logger.warn({ sandboxId: id }, 'The compute driver does not know the sandbox any more; its row is removed')
    removeSandbox(store, id)
    cleanUpCompute(context, row)
    return
  }
  store.sandboxes.update(id, {
    status: {
      ...row.status,
      phase: SandboxPhase.ERROR,
      conditions: withReady(row.status.conditions, resourceMissing),
    },
  })
}
