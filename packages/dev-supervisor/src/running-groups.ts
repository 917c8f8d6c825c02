import { readdir, readFile } from 'node:fs/promises'

/**
 * The ids of the process groups in which a process runs; undefined where there is no `/proc`.
 *
 * A process that has ended and that its parent has not asked about keeps its group alive for the system, sometimes for seconds, though
 * it holds nothing.
 */
export async function runningGroups(): Promise<ReadonlySet<number> | undefined> {
  const names = await readdir('/proc').catch(() => [])
  const ids = names.filter((name) => /^\d+$/.test(name))
  if (ids.length === 0) return undefined
  const groups = await Promise.all(ids.map(runningGroup))
  return new Set(groups.filter((group) => group !== undefined))
}

// The name of the program stands in parentheses and may hold anything; what follows is: state, parent, group.
async function runningGroup(id: string): Promise<number | undefined> {
  const text = await readFile(`/proc/${id}/stat`, 'latin1').catch(() => '')
  const [, state = 'X', , group] = text.slice(text.lastIndexOf(')') + 1).split(' ')
  return state === 'Z' || state === 'X' ? undefined : Number(group)
}
