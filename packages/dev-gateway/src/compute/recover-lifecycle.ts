import { status } from '@grpc/grpc-js'
import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { StatusError } from '../errors/status-error.js'
import { readyCondition, withReady } from '../phases/phases.js'
import type { RowCondition, SandboxRow } from '../records/sandbox-row.js'
import { checkBlockAllowed } from './check-block-allowed.js'
import type { ComputeContext } from './compute-context.js'
import { MissingIdentityError } from './missing-identity-error.js'
import { stopped } from './sandbox-lifecycle.js'
import { selectBlock } from './select-block.js'
import { startCompute } from './start-compute.js'

const startable = new Set([
  SandboxPhase.PROVISIONING,
  SandboxPhase.READY,
  SandboxPhase.STARTING,
  SandboxPhase.UNKNOWN,
  SandboxPhase.UNSPECIFIED,
])

const endsOfTheHost = new Set(['ContainerRuntimeRestart', 'ContainerStopped'])

const resumed = readyCondition('False', 'Resumed', 'Sandbox compute was started again')

/**
 * Brings the driver and the rows of an earlier run together, one sandbox at a time: what was being stopped or started is
 * stopped or started again, and drivers whose compute ended with the gateway start everything that should run.
 */
export async function recoverLifecycle(context: ComputeContext, gatewayManagesLifecycle: boolean): Promise<void> {
  const rows = context.store.sandboxes.list()
  for (const row of rows) {
    if (row.status.phase === SandboxPhase.STOPPING) await recoverStop(context, row)
    else if (row.status.phase === SandboxPhase.STARTING) await recoverStart(context, row)
  }
  if (!gatewayManagesLifecycle) return
  for (const row of rows) {
    if (startable.has(row.status.phase)) await startAgain(context, row)
    else if (context.rules.line === '0.1' && endedWithTheHost(row)) await resume(context, row)
  }
}

// What ended together with the container runtime did not end by itself.
function endedWithTheHost({ status: { phase, conditions } }: SandboxRow): boolean {
  const ready = conditions.find(({ type }) => type === 'Ready')
  return phase === SandboxPhase.ERROR && ready !== undefined && endsOfTheHost.has(ready.reason)
}

async function resume(context: ComputeContext, row: SandboxRow): Promise<void> {
  try {
    await startCompute(context, row)
    write(context, row, SandboxPhase.PROVISIONING, resumed)
  } catch (error) {
    context.logger.warn({ err: error, sandboxId: row.id }, 'Failed to resume sandbox')
  }
}

async function recoverStop(context: ComputeContext, row: SandboxRow): Promise<void> {
  try {
    await context.driver.call('stopSandbox', { sandboxId: row.id, name: row.name })
    write(context, row, SandboxPhase.STOPPED, stopped)
  } catch (error) {
    context.logger.warn({ err: error, sandboxId: row.id }, 'Failed to recover sandbox stop')
  }
}

async function recoverStart(context: ComputeContext, row: SandboxRow): Promise<void> {
  try {
    await startCompute(context, row, { authenticates: false })
  } catch (error) {
    context.logger.warn({ err: error, sandboxId: row.id }, 'Failed to recover sandbox start')
  }
}

async function startAgain(context: ComputeContext, row: SandboxRow): Promise<void> {
  try {
    checkBlockAllowed(context.rules, selectBlock(row.driverConfig, context.driverName))
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    write(context, row, SandboxPhase.ERROR, readyCondition('False', 'ResourceAdmissionDenied', error.details))
    return
  }
  try {
    await startCompute(context, row)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    if (error instanceof MissingIdentityError) {
      context.logger.warn({ err: error, sandboxId: row.id }, 'Failed to start sandbox during gateway startup')
      return
    }
    write(context, row, SandboxPhase.ERROR, startFailure(error))
  }
}

function startFailure({ code, details }: StatusError): RowCondition {
  if (code === status.NOT_FOUND) {
    return readyCondition(
      'False',
      'BackendResourceMissing',
      'Sandbox compute resource disappeared while the gateway was offline',
    )
  }
  return readyCondition('False', 'StartFailed', `Failed to start sandbox during gateway startup: ${details}`)
}

// Calls are served meanwhile: what was deleted since stays so.
function write({ store }: ComputeContext, { id }: SandboxRow, phase: SandboxPhase, ready: RowCondition): void {
  const status = store.sandboxes.get(id)?.status
  if (!status || status.phase === SandboxPhase.DELETING) return
  store.sandboxes.update(id, { status: { ...status, phase, conditions: withReady(status.conditions, ready) } })
}
