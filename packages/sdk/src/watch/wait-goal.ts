import type { SandboxInfo, SandboxPhase } from '../model/sandbox-info.js'

/** What a wait waits for. */
export interface WaitGoal {
  /** For texts: `The sandbox … is not <name> yet`. */
  readonly name: 'ready' | 'completed' | 'stopped' | 'deleted'
  /** Phases that end the wait well. */
  readonly reached: readonly SandboxPhase[]
  /** Phases from which the goal cannot be reached. */
  readonly failed: readonly SandboxPhase[]
  /** True when a known exit code ends the wait well, whatever the phase. */
  readonly reachedByExit?: boolean
}

/** Ready: commands run. They do not any more in a sandbox whose main process has ended. */
export const READY: WaitGoal = {
  name: 'ready',
  reached: ['ready'],
  failed: ['error', 'deleting', 'stopping', 'stopped', 'completed'],
}

/** Ready after a start was asked for: the way leads through the stopped phases. */
export const READY_AFTER_START: WaitGoal = { ...READY, failed: ['error', 'deleting', 'completed'] }

/** Created: commands run, or the work that the sandbox was created for is done already. */
export const CREATED: WaitGoal = {
  ...READY,
  reached: ['ready', 'completed'],
  failed: ['error', 'deleting', 'stopping', 'stopped'],
}

/** Completed: the main process ended by itself. Line 0.0 has no phase of its own for that, and line 0.1 for a code of 0 alone. */
export const COMPLETED: WaitGoal = {
  name: 'completed',
  reached: ['completed'],
  failed: ['error', 'deleting', 'stopping', 'stopped'],
  reachedByExit: true,
}

/** Stopped: the compute is released, the record stays. */
export const STOPPED: WaitGoal = { name: 'stopped', reached: ['stopped'], failed: ['error', 'deleting', 'completed'] }

/** Deleted: the record is gone, or another sandbox has its name. */
export const DELETED: WaitGoal = { name: 'deleted', reached: [], failed: [] }

/** True for phases that decide a wait, one way or the other. */
export function decides({ reached, failed }: WaitGoal, phase: SandboxPhase): boolean {
  return reached.includes(phase) || failed.includes(phase)
}

/** Where a sandbox stands on its way to a goal. */
export function judge(goal: WaitGoal, { phase, exitCode }: SandboxInfo): 'reached' | 'failed' | 'waiting' {
  const { reached, failed, reachedByExit = false } = goal
  const ended = reachedByExit && exitCode !== undefined && phase === 'error'
  if (reached.includes(phase) || ended) return 'reached'
  return failed.includes(phase) ? 'failed' : 'waiting'
}
