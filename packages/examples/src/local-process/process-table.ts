import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** Names one process for ever: a pid alone is given to another process once the first has ended. */
export interface ProcessIdentity {
  readonly pid: number
  /** When the process started, in the operating system's own notation. Only good for comparing. */
  readonly startTime: string
}

/** A process that runs now. */
export interface RunningProcess extends ProcessIdentity {
  readonly parentPid: number
  /** The process group; equal to `pid` in the group's first process. */
  readonly groupId: number
}

/** Lists the processes that run now. Ended ones that nobody has waited for yet (zombies) are left out. */
export function listProcesses(): RunningProcess[] {
  return process.platform === 'linux' ? readProcFolder() : runProcessStatus()
}

/** Finds the process with this pid, or returns `undefined` when there is none. */
export function findProcess(pid: number): RunningProcess | undefined {
  return listProcesses().find((candidate) => candidate.pid === pid)
}

/** True while exactly this process runs; false when its pid belongs to another one. */
export function isRunning({ pid, startTime }: ProcessIdentity): boolean {
  return findProcess(pid)?.startTime === startTime
}

/** Reads a variable of the environment that a process was started with. Only Linux tells; elsewhere always `undefined`. */
export function readProcessVariable(pid: number, name: string): string | undefined {
  const entries = readOrUndefined(`/proc/${pid}/environ`)?.split('\0')
  return entries?.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1)
}

/** Linux: a small machine may have no `ps`, so the kernel's own files are read. */
function readProcFolder(): RunningProcess[] {
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => parseStat(readOrUndefined(`/proc/${pid}/stat`), bootId))
}

function parseStat(stat: string | undefined, bootId: string): RunningProcess[] {
  if (stat === undefined) return []
  // The name stands in parentheses and may itself hold spaces and parentheses: what follows the last one is regular.
  const nameEnd = stat.lastIndexOf(')')
  const [state = '', parentPid, groupId, ...rest] = stat.slice(nameEnd + 2).split(' ')
  if (state === 'Z' || state === 'X') return []
  // Field 22 counts clock ticks since this boot, so it says nothing without the boot.
  const startTime = `${bootId}/${rest[16]}`
  return [{ pid: Number.parseInt(stat, 10), parentPid: Number(parentPid), groupId: Number(groupId), startTime }]
}

/** Every other Unix: `ps`, in the notation that BSD and Linux share. */
export function runProcessStatus(): RunningProcess[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,lstart='], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 16 * 1024 * 1024,
  })
  return stdout.split('\n').flatMap((line) => {
    const [pid, parentPid, groupId, state, ...startTime] = line.trim().split(/\s+/)
    if (startTime.length === 0 || state?.startsWith('Z')) return []
    return [
      { pid: Number(pid), parentPid: Number(parentPid), groupId: Number(groupId), startTime: startTime.join(' ') },
    ]
  })
}

/** A process may end between being listed and being read. */
function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
