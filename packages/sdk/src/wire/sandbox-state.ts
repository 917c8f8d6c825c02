import type { SandboxCondition, SandboxInfo, SandboxPhase } from '../model/sandbox-info.js'
import type { WireLine } from './wire-line.js'

/** The status of a sandbox, as far as both lines write it alike. */
export interface WireSandboxStatus {
  readonly phase: number
  readonly conditions: readonly SandboxCondition[]
  readonly exitCode?: number | undefined
  readonly mainProcessInstanceId: string
  readonly currentPolicyVersion: number
}

type SandboxState = Pick<
  SandboxInfo,
  'phase' | 'phaseNumber' | 'conditions' | 'exitCode' | 'mainProcessInstanceId' | 'currentPolicyVersion'
>

// The numbers of the phases are their places.
const PHASES_0_0: readonly SandboxPhase[] = [
  'unspecified',
  'provisioning',
  'ready',
  'error',
  'deleting',
  'unknown',
  'stopping',
  'stopped',
  'starting',
]
const PHASES: Readonly<Record<WireLine, readonly SandboxPhase[]>> = {
  '0.0': PHASES_0_0,
  '0.1': [...PHASES_0_0, 'completed'],
}

/** Reads what a line says of a sandbox's state. A phase that the line does not have keeps its number. */
export function toSandboxState(line: WireLine, status: WireSandboxStatus | undefined): SandboxState {
  const phaseNumber = status?.phase ?? 0
  return {
    phase: PHASES[line][phaseNumber] ?? 'unrecognized',
    phaseNumber,
    conditions: (status?.conditions ?? []).map(({ type, status, reason, message }) => ({
      type,
      status,
      reason,
      message,
    })),
    ...(status?.exitCode === undefined ? {} : { exitCode: status.exitCode }),
    ...(status?.mainProcessInstanceId ? { mainProcessInstanceId: status.mainProcessInstanceId } : {}),
    ...(status?.currentPolicyVersion ? { currentPolicyVersion: status.currentPolicyVersion } : {}),
  }
}
