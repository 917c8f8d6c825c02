import type { SandboxInfo, SandboxPhase } from '../sandbox-info.js'

/** What a wait waits for. */
export interface WaitGoal {
  /** For texts: `The sandbox … is not <name> yet`. */
  readonly name: 'ready' | 'stopped' | 'deleted'
  /** Phases that end the wait well. */
  readonly reached: readonly SandboxPhase[]
  /** Phases from which the goal cannot be reached. */
  readonly failed: readonly SandboxPhase[]
}

/** Ready: commands run. A sandbox that completed its work was ready. */
export const READY: WaitGoal = {
  name: 'ready',
  reached: ['ready', 'completed'],
  failed: ['error', 'deleting', 'stopping', 'stopped'],
}

/** Ready after a start was asked for: the way leads through the stopped phases. */
export const READY_AFTER_START: WaitGoal = { ...READY, failed: ['error', 'deleting'] }

/** Stopped: the compute is released, the record stays. */
export const STOPPED: WaitGoal = { name: 'stopped', reached: ['stopped'], failed: ['error', 'deleting', 'completed'] }

/** Deleted: the record is gone, or another sandbox has its name. */
export const DELETED: WaitGoal = { name: 'deleted', reached: [], failed: [] }

/** Where a sandbox stands on its way to a goal. */
export function judge({ reached, failed }: WaitGoal, { phase }: SandboxInfo): 'reached' | 'failed' | 'waiting' {
  if (reached.includes(phase)) return 'reached'
  return failed.includes(phase) ? 'failed' : 'waiting'
}
