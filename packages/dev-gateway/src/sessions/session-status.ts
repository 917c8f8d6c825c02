import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { endedStatus } from '../compute/main-process-end.js'
import { readyCondition, sessionReady, withReady } from '../compute/phases.js'
import { completedPhase } from '../store/completed-phase.js'
import type { SandboxStore } from '../store/sandbox-store.js'
import type { WireLine } from '../wire-line.js'

const closedToSessions = new Set([
  completedPhase,
  SandboxPhase.DELETING,
  SandboxPhase.ERROR,
  SandboxPhase.STOPPING,
  SandboxPhase.STOPPED,
])

const closedToSupervisors = new Set([SandboxPhase.DELETING, SandboxPhase.STOPPING, SandboxPhase.STOPPED])

/** Whether line 0.1 lets no supervisor of a sandbox in this phase connect; line 0.0 lets them all. */
export function isClosedToSupervisors(phase: SandboxPhase): boolean {
  return closedToSupervisors.has(phase)
}

const disconnected = readyCondition('False', 'DependenciesNotReady', 'Supervisor session disconnected')

/** Writes that a supervisor connected: Ready, unless the row is Deleting, Error, Stopping or Stopped. */
export function markConnected(store: SandboxStore, sandboxId: string, instanceId: string): void {
  const row = store.get(sandboxId)
  if (!row || closedToSessions.has(row.status.phase)) return
  store.update(sandboxId, {
    status: {
      ...row.status,
      phase: SandboxPhase.READY,
      conditions: withReady(row.status.conditions, sessionReady),
      mainProcessInstanceId: instanceId,
      exitCode: undefined,
    },
  })
}

/** Writes that the current supervisor is gone. Only a Ready row changes. */
export function markDisconnected(store: SandboxStore, sandboxId: string): void {
  const row = store.get(sandboxId)
  if (row?.status.phase !== SandboxPhase.READY) return
  store.update(sandboxId, {
    status: {
      ...row.status,
      phase: SandboxPhase.PROVISIONING,
      conditions: withReady(row.status.conditions, disconnected),
    },
  })
}

/** Writes that the main process ended. Reports about something else than the running one change nothing. */
export function markMainProcessExit(
  store: SandboxStore,
  sandboxId: string,
  { instanceId, exitCode }: { readonly instanceId: string; readonly exitCode: number },
  line: WireLine,
): void {
  const row = store.get(sandboxId)
  if (!row || !acceptsReport(row.status, instanceId)) return
  store.update(sandboxId, { status: endedStatus(row.status, instanceId, exitCode, line) })
}

function acceptsReport(
  status: {
    readonly phase: SandboxPhase
    readonly mainProcessInstanceId: string
    readonly exitCode?: number | undefined
  },
  instanceId: string,
): boolean {
  const { phase, mainProcessInstanceId: known, exitCode } = status
  const ending = phase === SandboxPhase.DELETING || phase === SandboxPhase.STOPPING || phase === SandboxPhase.STOPPED
  if (ending || exitCode !== undefined) return false
  if (known === '') return true
  // A starting sandbox still carries the id of the instance that was stopped; only a new one can be news.
  return phase === SandboxPhase.STARTING ? known !== instanceId : known === instanceId
}
