import { status } from '@grpc/grpc-js'
import type { DriverSandbox } from '@openshell-ts/protocol/compute'
import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { StatusError } from '../errors/status-error.js'
import { derivePhase, hasStopped } from '../phases/phases.js'
import { toRowConditions } from '../phases/row-conditions.js'
import type { SandboxRow } from '../records/sandbox-row.js'
import { removeSandbox } from '../store/gateway-store.js'
import { nextStatus } from './apply-snapshot.js'
import type { ComputeContext } from './compute-context.js'

/** What one GetSandbox says after a call that failed. */
type Finding =
  | { readonly type: 'snapshot'; readonly sandbox: DriverSandbox }
  | { readonly type: 'renamed' }
  | { readonly type: 'gone' }
  | { readonly type: 'unclear' }

/** Decides where a row goes whose stop failed. Stays Stopping unless the driver says clearly what is. */
export async function resolveFailedStop(context: ComputeContext, before: SandboxRow): Promise<void> {
  const finding = await find(context, before)
  const row = context.store.sandboxes.get(before.id)
  if (finding.type !== 'snapshot' || !row || row.status.phase !== SandboxPhase.STOPPING) return
  const { conditions, deleting } = finding.sandbox.status ?? { conditions: [], deleting: false }
  const phase = derivePhase({ deleting }, conditions, context.rules)
  const over = phase === SandboxPhase.STOPPED || phase === SandboxPhase.ERROR || hasStopped(conditions)
  const next = over
    ? nextStatus(row, finding.sandbox.status, context.sessions.connected(row.id), context.rules)
    : before.status
  context.store.sandboxes.update(row.id, { status: next })
}

/** Decides where a row goes whose start failed. */
export async function resolveFailedStart(context: ComputeContext, before: SandboxRow): Promise<void> {
  const finding = await find(context, before)
  const row = context.store.sandboxes.get(before.id)
  if (finding.type !== 'snapshot' || !row || row.status.phase !== SandboxPhase.STARTING) return
  const { conditions, deleting } = finding.sandbox.status ?? { conditions: [], deleting: false }
  const stillStopped = derivePhase({ deleting }, conditions, context.rules) === SandboxPhase.STOPPED
  const next = stillStopped
    ? before.status
    : nextStatus(row, finding.sandbox.status, context.sessions.connected(row.id), context.rules)
  context.store.sandboxes.update(row.id, { status: next })
}

/** Decides where a row goes whose delete failed. Besides its removal this is the one way out of Error. */
export async function resolveFailedDelete(context: ComputeContext, before: SandboxRow): Promise<void> {
  const finding = await find(context, before)
  const row = context.store.sandboxes.get(before.id)
  if (!row || finding.type === 'renamed') return
  if (finding.type === 'gone') {
    removeSandbox(context.store, row.id)
    return
  }
  if (finding.type === 'unclear') {
    context.store.sandboxes.update(row.id, { status: before.status })
    return
  }
  const open = before.status.phase === SandboxPhase.ERROR ? SandboxPhase.UNKNOWN : before.status.phase
  const earlier = { ...before, status: { ...before.status, phase: open } }
  const next = nextStatus(earlier, finding.sandbox.status, context.sessions.connected(row.id), context.rules)
  context.store.sandboxes.update(row.id, { status: next })
}

async function find({ driver, logger, rules }: ComputeContext, row: SandboxRow): Promise<Finding> {
  try {
    const { sandbox } = await driver.call('getSandbox', { sandboxId: row.id, name: row.name })
    if (!sandbox) return { type: 'gone' }
    if (sandbox.id !== row.id || !sandbox.status) return { type: 'unclear' }
    // A time that cannot be read makes the answer an error on line 0.1.
    toRowConditions(sandbox.status.conditions, rules.line)
    return sandbox.name === row.name ? { type: 'snapshot', sandbox } : { type: 'renamed' }
  } catch (error) {
    if (error instanceof StatusError && error.code === status.NOT_FOUND) return { type: 'gone' }
    logger.warn({ err: error, sandboxId: row.id }, 'Could not read the sandbox after a call on it failed')
    return { type: 'unclear' }
  }
}
