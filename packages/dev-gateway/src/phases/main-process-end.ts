import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import type { RowStatus } from '../records/sandbox-row.js'
import type { WireLine } from '../wire/wire-line.js'
import { completedPhase } from './completed-phase.js'
import { readyCondition, withReady } from './phases.js'

const exited = readyCondition('False', 'MainProcessExited', 'Canonical main process exited')
const completed = readyCondition('False', 'MainProcessCompleted', 'Canonical main process completed')
const failed = readyCondition('False', 'MainProcessFailed', 'Canonical main process failed')

/** A status after the end of the main process: on line 0.0 Error for every code, on line 0.1 Completed for 0. */
export function endedStatus(status: RowStatus, instanceId: string, exitCode: number, line: WireLine): RowStatus {
  const ready = line === '0.0' ? exited : exitCode === 0 ? completed : failed
  return {
    ...status,
    phase: ready === completed ? completedPhase : SandboxPhase.ERROR,
    conditions: withReady(status.conditions, ready),
    mainProcessInstanceId: instanceId,
    exitCode,
  }
}

/** Whether a sandbox is in Error because its main process failed; line 0.1 says so and lets it be started again. */
export function isFailedMainProcess({ phase, conditions }: RowStatus): boolean {
  return phase === SandboxPhase.ERROR && conditions.some(({ reason }) => reason === failed.reason)
}
