import type { DriverSandbox, DriverSandboxStatus } from '@openshell-ts/protocol/compute'
import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { isConfigured, withConfiguration } from '../admission/configuration-gate.js'
import { completedPhase } from '../phases/completed-phase.js'
import {
  composeWithSession,
  derivePhase,
  firstLineRules,
  guardPhase,
  type PhaseRules,
  sessionReady,
  withReady,
} from '../phases/phases.js'
import { toRowConditions } from '../phases/row-conditions.js'
import type { RowCondition, RowStatus, SandboxRow } from '../records/sandbox-row.js'
import type { SandboxStore } from '../store/sandbox-store.js'

/** A snapshot that names another sandbox than the row does. Nothing of it may be applied. */
export class RenamedSnapshotError extends Error {
  override readonly name = 'RenamedSnapshotError'

  constructor() {
    super('encode error: sandbox name cannot be changed after creation')
  }
}

/**
 * Applies a driver's snapshot to its row.
 *
 * Returns `undefined`, and changes nothing, for ids that the gateway does not know and for rows that are being deleted.
 *
 * @throws RenamedSnapshotError when the snapshot's name is not the row's, the empty name included.
 */
export function applySnapshot(
  store: SandboxStore,
  snapshot: DriverSandbox,
  sessionConnected: boolean,
  rules: PhaseRules = firstLineRules,
): SandboxRow | undefined {
  const row = store.get(snapshot.id)
  if (!row || row.status.phase === SandboxPhase.DELETING) return undefined
  if (snapshot.name !== row.name) throw new RenamedSnapshotError()
  return store.update(row.id, { status: nextStatus(row, snapshot.status, sessionConnected, rules) })
}

/** A row's status after a snapshot, guards included. */
export function nextStatus(
  row: SandboxRow,
  snapshot: DriverSandboxStatus | undefined,
  sessionConnected: boolean,
  rules: PhaseRules = firstLineRules,
): RowStatus {
  const { status } = row
  if (status.phase === SandboxPhase.ERROR || status.phase === completedPhase) return status
  const configured = isConfigured(row, rules)
  if (!snapshot) return statusWithoutSnapshot(status, sessionConnected && configured)
  const conditions = toRowConditions(snapshot.conditions, rules.line)
  const composed = composeWithSession(
    derivePhase(snapshot, conditions, rules),
    explainGpuScheduling(row, conditions),
    { connected: sessionConnected, configured },
    rules,
  )
  return {
    ...status,
    sandboxName: snapshot.name || row.name,
    agentPod: snapshot.instanceId,
    agentFd: snapshot.agentFd,
    sandboxFd: snapshot.sandboxFd,
    conditions: withConfiguration(composed.conditions, row.launch?.configuration),
    phase: guardPhase(status.phase, composed, rules),
  }
}

function statusWithoutSnapshot(status: RowStatus, sessionReadies: boolean): RowStatus {
  const waiting = status.phase === SandboxPhase.PROVISIONING || status.phase === SandboxPhase.UNKNOWN
  if (!sessionReadies || !waiting) return status
  return { ...status, phase: SandboxPhase.READY, conditions: withReady(status.conditions, sessionReady) }
}

// The gateway words this one itself, because a driver's scheduler cannot know that the request asked for a GPU.
function explainGpuScheduling(row: SandboxRow, conditions: RowCondition[]): RowCondition[] {
  if (!row.spec.resourceRequirements?.gpu) return conditions
  return conditions.map((condition) =>
    condition.type === 'Ready' && condition.status.toLowerCase() === 'false' && condition.reason === 'Unschedulable'
      ? { ...condition, message: gpuUnschedulable }
      : condition,
  )
}

const gpuUnschedulable =
  'GPU sandbox could not be scheduled on the active gateway. Another GPU sandbox may already be using the available GPU, ' +
  'or the gateway may not currently be able to satisfy GPU placement. Please refer to documentation and use ' +
  '`openshell doctor` commands to inspect GPU support and gateway configuration.'
