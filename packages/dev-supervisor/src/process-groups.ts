import { setTimeout as delay } from 'node:timers/promises'
import { killMarkedProcesses } from './marked-processes.js'
import { runningGroups } from './running-groups.js'

const GONE_TIMEOUT_MS = 2_000
const GONE_CHECK_MS = 10

/**
 * The process groups of a sandbox: each command and the main process lead one of their own (in a session of its own), so that
 * a signal reaches all that they started.
 */
export class ProcessGroups {
  readonly #led = new Set<number>()
  readonly #orphaned = new Set<number>()
  readonly #mark: string

  /** `mark` is the value that the processes carry in their environment. */
  constructor(mark: string) {
    this.#mark = mark
  }

  /** Takes a group in; its id is the process id of its leader. */
  add(group: number): void {
    // The id of a group is free again once its last process has ended: it must be forgotten before others get it.
    for (const orphaned of this.#orphaned) if (!isAlive(orphaned)) this.#orphaned.delete(orphaned)
    this.#led.add(group)
  }

  /** The leader has ended: the group stays known while other processes live in it. */
  leaderEnded(group: number): void {
    this.#led.delete(group)
    if (isAlive(group)) this.#orphaned.add(group)
  }

  /**
   * Kills every process of the sandbox, also those that left their group, and waits until nothing runs in the groups, 2 s at most.
   * Resolves to whether that is so.
   */
  async killAll(): Promise<boolean> {
    const groups = [...this.#led, ...this.#orphaned]
    for (const group of groups) signalGroup(group, 'SIGKILL')
    await killMarkedProcesses(this.#mark)
    const giveUpAt = Date.now() + GONE_TIMEOUT_MS
    while (await isAnyRunning(groups)) {
      if (Date.now() >= giveUpAt) return false
      await delay(GONE_CHECK_MS)
    }
    return true
  }
}

/** Signals all processes of a group; a group that is gone is no error. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal)
  } catch {
    // ESRCH: all of them have ended. EPERM: what is left runs as another user.
  }
}

async function isAnyRunning(groups: readonly number[]): Promise<boolean> {
  const alive = groups.filter(isAlive)
  if (alive.length === 0) return false
  const running = await runningGroups()
  return running === undefined || alive.some((group) => running.has(group))
}

function isAlive(group: number): boolean {
  try {
    process.kill(-group, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
