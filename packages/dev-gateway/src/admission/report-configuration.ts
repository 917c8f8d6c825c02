import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { failedPrecondition } from '../errors/status-error.js'
import { isClosedToSessions } from '../phases/closed-phases.js'
import type { PhaseRules } from '../phases/phases.js'
import { sessionReady, withReady } from '../phases/phases.js'
import { readSandboxConfig } from '../policies/sandbox-config.js'
import { type ConfigurationAdmission, type ConfigurationState, isSameInstance } from '../records/configuration-state.js'
import { emptyLaunch, type SandboxRow } from '../records/sandbox-row.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { accepts } from './accepts.js'
import { isConfigured, withConfiguration } from './configuration-gate.js'

/** What configurations are judged with. */
export interface AdmissionContext {
  readonly store: GatewayStore
  /** Which sandboxes have a supervisor that is connected. */
  readonly sessions: { connected(sandboxId: string): boolean }
  readonly rules: PhaseRules
}

/** What a supervisor says, and which supervisor it thinks spoke last; empty when it does not care. */
export interface ConfigurationReport {
  readonly admission: ConfigurationAdmission
  readonly expectedInstanceId: string
}

/**
 * Takes a supervisor's word about a configuration. The first time that it accepts what holds, its sandbox can be Ready; what it
 * says later about a change is shown, but takes nothing away. Rows that end change nothing.
 *
 * @throws StatusError FAILED_PRECONDITION when another supervisor has spoken since.
 */
export function reportConfiguration(context: AdmissionContext, row: SandboxRow, report: ConfigurationReport): void {
  if (isClosedToSessions(row.status.phase)) return
  const { admission, expectedInstanceId } = report
  const before = row.launch?.configuration
  const known = before?.admission.instanceId ?? ''
  if (expectedInstanceId !== '' && expectedInstanceId !== known) {
    throw failedPrecondition(`another instance of the sandbox reports its configuration (current instance: '${known}')`)
  }
  const admitted = accepts(admission, readSandboxConfig(context.store, row))
  const activated =
    admitted || (before !== undefined && isSameInstance(before, admission.instanceId) && before.activated)
  write(context, row, { admission, admitted, activated })
}

/** Looks whether the last word still is about what holds, after a change of the configuration. */
export function reviewConfiguration(context: AdmissionContext, sandboxId: string): void {
  const row = context.store.sandboxes.get(sandboxId)
  const state = row?.launch?.configuration
  if (!row || !state || isClosedToSessions(row.status.phase)) return
  const admitted = accepts(state.admission, readSandboxConfig(context.store, row))
  if (admitted !== state.admitted) write(context, row, { ...state, admitted })
}

function write({ store, sessions, rules }: AdmissionContext, row: SandboxRow, configuration: ConfigurationState): void {
  const launch = { ...(row.launch ?? emptyLaunch), configuration }
  const ready = isConfigured({ launch }, rules) && sessions.connected(row.id)
  const conditions = ready ? withReady(row.status.conditions, sessionReady) : row.status.conditions
  store.sandboxes.update(row.id, {
    launch,
    status: {
      ...row.status,
      phase: ready ? SandboxPhase.READY : row.status.phase,
      conditions: withConfiguration(conditions, configuration),
    },
  })
}
