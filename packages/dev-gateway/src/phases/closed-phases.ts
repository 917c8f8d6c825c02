import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { completedPhase } from './completed-phase.js'

const closedToSessions = new Set([
  completedPhase,
  SandboxPhase.DELETING,
  SandboxPhase.ERROR,
  SandboxPhase.STOPPING,
  SandboxPhase.STOPPED,
])

/** Whether a supervisor of a sandbox in this phase changes nothing about it. */
export function isClosedToSessions(phase: SandboxPhase): boolean {
  return closedToSessions.has(phase)
}

const closedToSupervisors = new Set([SandboxPhase.DELETING, SandboxPhase.STOPPING, SandboxPhase.STOPPED])

/** Whether line 0.1 lets no supervisor of a sandbox in this phase connect; line 0.0 lets them all. */
export function isClosedToSupervisors(phase: SandboxPhase): boolean {
  return closedToSupervisors.has(phase)
}
