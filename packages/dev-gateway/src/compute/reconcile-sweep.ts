import { status } from '@grpc/grpc-js'
import type { DriverSandbox } from '@openshell-ts/protocol/compute'
import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { StatusError } from '../server/status-error.js'
import { completedPhase } from '../store/completed-phase.js'
import { removeSandbox } from '../store/gateway-store.js'
import type { SandboxRow } from '../store/sandbox-row.js'
import { applySnapshot } from './apply-snapshot.js'
import { cleanUpCompute } from './clean-up-compute.js'
import type { ComputeContext } from './compute-context.js'
import { isFailedMainProcess } from './main-process-end.js'
import { readyCondition, withReady } from './phases.js'

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
      await sweep(context, times.graceMs)
    } catch (error) {
      if (!signal.aborted) context.logger.error({ err: error }, 'Store reconciliation sweep failed')
    }
    await context.clock.sleep(times.intervalMs, signal)
  }
}

/** Runs one sweep. Rejects, with the rest of the sweep undone, at the first answer that cannot be right. */
export async function sweep(context: ComputeContext, graceMs: number): Promise<void> {
  const { store, driver, sessions, rules } = context
  const startedAtMs = store.now()
  const { sandboxes: listed } = await driver.call('listSandboxes', {})
  for (const { id, name } of listed) {
    const row = store.sandboxes.get(id)
    if (!row || row.updatedAtMs >= startedAtMs) continue
    const sandbox = await read(context, id, name)
    if (sandbox) applySnapshot(store.sandboxes, sandbox, sessions.connected(id), rules)
  }
  const listedIds = new Set(listed.map(({ id }) => id))
  for (const row of store.sandboxes.list()) {
    const young = store.now() - row.createdAtMs < graceMs
    if (listedIds.has(row.id) || row.updatedAtMs >= startedAtMs || young) continue
    if (!(await read(context, row.id, row.name))) prune(context, row.id)
  }
}

async function read({ driver }: ComputeContext, id: string, name: string): Promise<DriverSandbox | undefined> {
  try {
    const { sandbox } = await driver.call('getSandbox', { sandboxId: id, name })
    if (sandbox && sandbox.id !== id) {
      throw new Error(`compute driver returned sandbox '${sandbox.id}' for requested id '${id}'`)
    }
    return sandbox
  } catch (error) {
    if (error instanceof StatusError && error.code === status.NOT_FOUND) return undefined
    throw error
  }
}

// A main process that ended, for good or bad, is news that stays until the user deletes it.
function keepsItsEnd({ status }: SandboxRow): boolean {
  return status.phase === completedPhase || isFailedMainProcess(status)
}

function prune(context: ComputeContext, id: string): void {
  const { store, logger } = context
  const row: SandboxRow | undefined = store.sandboxes.get(id)
  if (!row || keepsItsEnd(row)) return
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
