import { readdir, readFile } from 'node:fs/promises'

/**
 * The variable that each process of a sandbox carries: `<sandbox id>/<instance id>`.
 *
 * It finds processes that have left their process group, and those that a killed supervisor has left behind.
 */
export const PROCESS_MARK = 'OPENSHELL_SANDBOX_PROCESS'

/** The value of the variable for one supervisor's processes. */
export function processMark(sandboxId: string, instanceId: string): string {
  return `${sandboxId}/${instanceId}`
}

/**
 * The ids of the processes whose mark starts with this text, the caller's own left out. Empty where there is no `/proc`.
 */
export async function findMarkedProcesses(markPrefix: string): Promise<readonly number[]> {
  const wanted = `${PROCESS_MARK}=${markPrefix}`
  const names = await readdir('/proc').catch(() => [])
  const ids = names.filter((name) => /^\d+$/.test(name)).map(Number)
  const marked = await Promise.all(ids.map((id) => hasVariable(id, wanted)))
  return ids.filter((id, index) => marked[index] && id !== process.pid)
}

/**
 * Kills (SIGKILL) every process of a sandbox that its supervisor left behind, and resolves to how many there were.
 *
 * For drivers, after a supervisor died without a chance to clean up; end a living supervisor first. Works where `/proc`
 * shows the environments of the caller's own processes (Linux); elsewhere it finds nothing.
 */
export async function killSandboxProcesses(sandboxId: string): Promise<number> {
  return killMarkedProcesses(`${sandboxId}/`)
}

/** Kills until a look finds none: a process may start another one while it is being looked for. */
export async function killMarkedProcesses(markPrefix: string): Promise<number> {
  const killed = new Set<number>()
  for (;;) {
    const found = (await findMarkedProcesses(markPrefix)).filter((id) => !killed.has(id))
    if (found.length === 0) return killed.size
    for (const id of found) {
      killed.add(id)
      try {
        process.kill(id, 'SIGKILL')
      } catch {
        // It ended between the look and the signal.
      }
    }
  }
}

async function hasVariable(id: number, wanted: string): Promise<boolean> {
  try {
    const environment = await readFile(`/proc/${id}/environ`, 'latin1')
    return environment.split('\0').some((variable) => variable.startsWith(wanted))
  } catch {
    // It has ended, or belongs to another user.
    return false
  }
}
