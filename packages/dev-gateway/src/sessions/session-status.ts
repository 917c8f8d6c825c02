import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { isConfigured, withConfiguration } from '../admission/configuration-gate.js'
import { isClosedToSessions } from '../phases/closed-phases.js'
import { endedStatus } from '../phases/main-process-end.js'
import { type PhaseRules, readyCondition, sessionReady, waitingForConfiguration, withReady } from '../phases/phases.js'
import { awaitedConfiguration, isSameInstance } from '../records/configuration-state.js'
import { emptyLaunch, type LaunchRecord, type SandboxRow } from '../records/sandbox-row.js'
import type { GatewayStore } from '../store/gateway-store.js'
import type { SandboxStore } from '../store/sandbox-store.js'
import type { WireLine } from '../wire/wire-line.js'

const disconnected = readyCondition('False', 'DependenciesNotReady', 'Supervisor session disconnected')

/**
 * Writes that a supervisor connected: Ready, unless the row is Deleting, Error, Stopping or Stopped. On line 0.1 a supervisor
 * that has not accepted its configuration yet leaves the row where it is, and a Ready one at Provisioning.
 */
export function markConnected(
  { store, rules }: { readonly store: Pick<GatewayStore, 'sandboxes' | 'now'>; readonly rules: PhaseRules },
  sandboxId: string,
  instanceId: string,
): void {
  const row = store.sandboxes.get(sandboxId)
  if (!row || isClosedToSessions(row.status.phase)) return
  const launch = rules.line === '0.1' ? launchOf(row, instanceId, store.now()) : undefined
  const ready = isConfigured({ launch }, rules)
  const held = row.status.phase === SandboxPhase.STARTING ? SandboxPhase.STARTING : SandboxPhase.PROVISIONING
  const conditions = withReady(row.status.conditions, ready ? sessionReady : waitingForConfiguration)
  store.sandboxes.update(sandboxId, {
    ...(launch && { launch }),
    status: {
      ...row.status,
      phase: ready ? SandboxPhase.READY : held,
      conditions: withConfiguration(conditions, launch?.configuration),
      mainProcessInstanceId: instanceId,
      exitCode: undefined,
    },
  })
}

// A supervisor says its word about the configuration before or after it connects; one of another process says a new one.
function launchOf({ launch = emptyLaunch, status }: SandboxRow, instanceId: string, nowMs: number): LaunchRecord {
  const known = launch.configuration
  const configuration = known && isSameInstance(known, instanceId) ? known : awaitedConfiguration(instanceId)
  const restarted = status.mainProcessInstanceId !== instanceId || launch.mainProcessStartedAtMs === undefined
  return {
    ...launch,
    configuration,
    ...(restarted && { mainProcessStartedAtMs: nowMs, hostKeyFingerprint: undefined }),
  }
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

/** Writes that the main process ended. Answers false, and changes nothing, for a report about something else than the running one. */
export function markMainProcessExit(
  store: SandboxStore,
  sandboxId: string,
  { instanceId, exitCode }: { readonly instanceId: string; readonly exitCode: number },
  line: WireLine,
): boolean {
  const row = store.get(sandboxId)
  if (!row || !acceptsReport(row.status, instanceId)) return false
  store.update(sandboxId, { status: endedStatus(row.status, instanceId, exitCode, line) })
  return true
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
