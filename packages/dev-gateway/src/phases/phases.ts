import type { DriverSandboxStatus } from '@openshell-ts/protocol/compute'
import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import type { RowCondition } from '../records/sandbox-row.js'
import type { WireLine } from '../wire/wire-line.js'

const transientReasons = new Set([
  'reconcilererror',
  'dependenciesnotready',
  'supervisornotconnected',
  'starting',
  'containerstarting',
  'containercreated',
  'healthcheckstarting',
  'inspectfailed',
])

/** What of phases depends on the wire line and on the driver. */
export interface PhaseRules {
  readonly line: WireLine
  /** Whether the driver's word alone makes a sandbox Ready, without a supervisor. Line 0.1 only. */
  readonly driverReportsReadiness: boolean
}

/** The rules of line 0.0. */
export const firstLineRules: PhaseRules = { line: '0.0', driverReportsReadiness: false }

/** The phase that a driver's status means, before sessions and guards. The first rule that matches wins. */
export function derivePhase(
  status: Pick<DriverSandboxStatus, 'deleting'>,
  conditions: readonly RowCondition[],
  { line }: Pick<PhaseRules, 'line'> = firstLineRules,
) {
  if (status.deleting) return SandboxPhase.DELETING
  // On line 0.1 compute that is ready again is not stopped any more, whatever else is said of it.
  const readyAgain = line === '0.1' && holds(conditions, 'ready')
  if (holds(conditions, 'suspended') && !readyAgain) return SandboxPhase.STOPPED
  const ready = conditions.find((condition) => condition.type === 'Ready')
  if (!ready) return SandboxPhase.PROVISIONING
  if (is(ready.status, 'true')) return SandboxPhase.READY
  if (!is(ready.status, 'false')) return SandboxPhase.PROVISIONING
  return transientReasons.has(ready.reason.toLowerCase()) ? SandboxPhase.PROVISIONING : SandboxPhase.ERROR
}

/** A phase together with the conditions that show it. */
export interface ComposedState {
  readonly phase: SandboxPhase
  readonly conditions: readonly RowCondition[]
}

/** What of a sandbox's supervisor decides whether the sandbox is Ready. */
export interface SessionState {
  readonly connected: boolean
  /** Whether its configuration was accepted. Always on line 0.0. */
  readonly configured: boolean
}

/** Combines what the driver says with whether a supervisor is connected: only with a session is a sandbox Ready. */
export function composeWithSession(
  phase: SandboxPhase,
  conditions: readonly RowCondition[],
  { connected, configured }: SessionState,
  { driverReportsReadiness }: Pick<PhaseRules, 'driverReportsReadiness'> = firstLineRules,
): ComposedState {
  const open = phase === SandboxPhase.READY || phase === SandboxPhase.PROVISIONING || phase === SandboxPhase.UNKNOWN
  if (!open) return { phase, conditions }
  if (connected && configured) return { phase: SandboxPhase.READY, conditions: withReady(conditions, sessionReady) }
  if (connected) return { phase: SandboxPhase.PROVISIONING, conditions: withReady(conditions, waitingForConfiguration) }
  if (phase !== SandboxPhase.READY) return { phase: SandboxPhase.PROVISIONING, conditions }
  if (driverReportsReadiness) return { phase, conditions }
  return { phase: SandboxPhase.PROVISIONING, conditions: withReady(conditions, waitingForSession) }
}

/** Where a row of one phase goes when a snapshot means another one. Only the phase is held back, never the conditions. */
export function guardPhase(
  rowPhase: SandboxPhase,
  composed: ComposedState,
  { line }: Pick<PhaseRules, 'line'> = firstLineRules,
): SandboxPhase {
  switch (rowPhase) {
    case SandboxPhase.STOPPING:
      if (line === '0.1' && wasRestarted(composed.conditions)) return SandboxPhase.STOPPING
      return guardStopping(composed)
    case SandboxPhase.STOPPED:
      return line === '0.1' && startsByItself(composed) ? composed.phase : SandboxPhase.STOPPED
    case SandboxPhase.STARTING:
      return composed.phase === SandboxPhase.READY || composed.phase === SandboxPhase.ERROR
        ? composed.phase
        : SandboxPhase.STARTING
    default:
      return composed.phase
  }
}

function guardStopping({ phase, conditions }: ComposedState): SandboxPhase {
  if (phase === SandboxPhase.STOPPED || hasStopped(conditions)) return SandboxPhase.STOPPED
  return phase === SandboxPhase.ERROR ? SandboxPhase.ERROR : SandboxPhase.STOPPING
}

// The container runtime ended the compute while it came up again itself: no news about what the user asked for.
function wasRestarted(conditions: readonly RowCondition[]): boolean {
  return conditions.some(({ reason }) => reason === 'ContainerRuntimeRestart')
}

function startsByItself({ phase, conditions }: ComposedState): boolean {
  const leaves = phase !== SandboxPhase.DELETING && phase !== SandboxPhase.STOPPED && !wasRestarted(conditions)
  return leaves && holds(conditions, 'bootstrapping') && !holds(conditions, 'suspended')
}

/** True when a condition says that the compute has ended, whatever its type. */
export function hasStopped(conditions: readonly RowCondition[]): boolean {
  return conditions.some(
    ({ status, reason }) => is(status, 'false') && (reason === 'ContainerExited' || reason === 'ContainerStopped'),
  )
}

/** Replaces the first condition of type Ready, or appends one. The others keep place and content. */
export function withReady(conditions: readonly RowCondition[], ready: RowCondition): readonly RowCondition[] {
  const index = conditions.findIndex((condition) => condition.type === 'Ready')
  return index < 0 ? [...conditions, ready] : conditions.with(index, ready)
}

/** A Ready condition that the gateway itself writes. */
export function readyCondition(status: 'True' | 'False', reason: string, message: string): RowCondition {
  return { type: 'Ready', status, reason, message, lastTransitionTime: '' }
}

/** Ready, because a supervisor is connected. */
export const sessionReady = readyCondition('True', 'DependenciesReady', 'Supervisor session connected')

/** Not ready yet, although a supervisor is connected: it has not accepted its configuration. Line 0.1 only. */
export const waitingForConfiguration = readyCondition(
  'False',
  'DependenciesNotReady',
  'Supervisor session connected; waiting for its configuration to be accepted',
)

const waitingForSession = readyCondition(
  'False',
  'SupervisorNotConnected',
  'Backend ready; waiting for supervisor session',
)

function holds(conditions: readonly RowCondition[], type: string): boolean {
  return conditions.some((condition) => is(condition.type, type) && is(condition.status, 'true'))
}

function is(value: string, expected: string): boolean {
  return value.toLowerCase() === expected
}
