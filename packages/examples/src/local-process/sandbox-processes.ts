import { setTimeout as delay } from 'node:timers/promises'
import { listProcesses, type ProcessIdentity, type RunningProcess, readProcessVariable } from './process-table.js'

/**
 * The variable that every process of a sandbox inherits, with the sandbox's folder as its value. It marks processes that
 * have left the supervisor's group and outlived their parents, such as daemons started by a command.
 */
export const SANDBOX_MARKER = 'LOCAL_PROCESS_SANDBOX_DIRECTORY'

const POLL_MS = 25
const KILL_DEADLINE_MS = 10_000

/** Where to look for the processes of one sandbox. */
export interface SandboxProcessesQuery {
  /** The sandbox's folder, the value of its marker. */
  readonly directory: string
  /** The sandbox's first process, when one was recorded. It counts only while exactly this process runs. */
  readonly leader?: ProcessIdentity | undefined
}

/** Lists every process of a sandbox: the marked ones, the leader with its group, and all their descendants. */
export function listSandboxProcesses({ directory, leader }: SandboxProcessesQuery): RunningProcess[] {
  const running = listProcesses().filter(({ pid }) => pid !== process.pid)
  const group = running.find(({ pid, startTime }) => pid === leader?.pid && startTime === leader.startTime)?.pid
  const found = new Map<number, RunningProcess>()
  for (const candidate of running) {
    if (candidate.groupId === group || readProcessVariable(candidate.pid, SANDBOX_MARKER) === directory)
      found.set(candidate.pid, candidate)
  }
  return withDescendants(found, running)
}

function withDescendants(found: Map<number, RunningProcess>, running: readonly RunningProcess[]): RunningProcess[] {
  let before: number
  do {
    before = found.size
    for (const candidate of running) if (found.has(candidate.parentPid)) found.set(candidate.pid, candidate)
  } while (found.size > before)
  return [...found.values()]
}

/** Lists the folders, below this one, of all sandboxes that have a process. Only Linux tells; elsewhere always empty. */
export function listSandboxFoldersInUse(parent: string): string[] {
  const folders = listProcesses().map(({ pid }) => readProcessVariable(pid, SANDBOX_MARKER))
  return [...new Set(folders.filter((folder) => folder?.startsWith(`${parent}/`)))].filter(
    (folder) => folder !== undefined,
  )
}

/** How {@link endSandboxProcesses} ends them. */
export interface EndSandboxProcessesOptions {
  /** Time that they get between SIGTERM and SIGKILL. `0` kills at once. */
  readonly graceMs: number
}

/**
 * Ends every process of a sandbox and resolves when none is left.
 *
 * The leader's group is asked first, because a supervisor ends its commands and tells the gateway. What it leaves is asked
 * when it is gone, and killed when the time is over.
 *
 * @throws when a process survives SIGKILL for ten seconds, as one does that hangs in the kernel.
 */
export async function endSandboxProcesses(
  query: SandboxProcessesQuery,
  { graceMs }: EndSandboxProcessesOptions,
): Promise<void> {
  if (graceMs > 0 && (await untilGone(query, graceMs, askOnce(query)))) return
  const killAll = (left: readonly RunningProcess[]) => signalAll(left, 'SIGKILL')
  if (await untilGone(query, KILL_DEADLINE_MS, killAll)) return
  const pids = listSandboxProcesses(query).map(({ pid }) => pid)
  throw new Error(`Process ${pids.join(', ')} did not end on SIGKILL within ${KILL_DEADLINE_MS} ms.`)
}

/** Sends SIGTERM to each process once, when its turn has come: a second one means "at once" to many programs. */
function askOnce({ leader }: SandboxProcessesQuery): (left: readonly RunningProcess[]) => void {
  const asked = new Set<number>()
  return (left) => {
    const leads = left.some(({ pid, startTime }) => pid === leader?.pid && startTime === leader.startTime)
    const turn = leads ? left.filter(({ groupId }) => groupId === leader?.pid) : left
    signalAll(
      turn.filter(({ pid }) => !asked.has(pid)),
      'SIGTERM',
    )
    for (const { pid } of turn) asked.add(pid)
  }
}

/** Looks again and again, since a process that is about to end can still start others. */
async function untilGone(
  query: SandboxProcessesQuery,
  withinMs: number,
  eachTime: (left: readonly RunningProcess[]) => void,
): Promise<boolean> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const left = listSandboxProcesses(query)
    if (left.length === 0) return true
    if (Date.now() >= deadline) return false
    eachTime(left)
    await delay(POLL_MS)
  }
}

function signalAll(processes: readonly RunningProcess[], signal: NodeJS.Signals): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, signal)
    } catch {
      // It ended by itself, which is what was wanted.
    }
  }
}
