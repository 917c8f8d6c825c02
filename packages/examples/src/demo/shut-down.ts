import { existsSync } from 'node:fs'
import { endSandboxProcesses, listSandboxFoldersInUse } from '../local-process/sandbox-processes.js'
import type { DemoFolder } from './demo-folder.js'
import type { DemoOutput } from './demo-output.js'
import { type DemoTraces, findLeftovers } from './leftovers.js'
import type { Part } from './part.js'

const PART_STOP_MS = 10_000

/** What {@link shutDown} ends and removes. */
export interface ShutDownOptions {
  readonly output: DemoOutput
  readonly folder: DemoFolder
  /** In the order in which they are to end: those that need others first. */
  readonly parts: readonly Part[]
  readonly traces: DemoTraces
}

/**
 * Ends all parts, removes what they wrote, and then looks whether anything is left.
 *
 * @returns true when every part cleaned up after itself and nothing is left.
 */
export async function shutDown({ output, folder, parts, traces }: ShutDownOptions): Promise<boolean> {
  output.heading('Shutting down')
  for (const part of parts) {
    const { text } = await part.stop({ signal: 'SIGTERM', killAfterMs: PART_STOP_MS })
    output.done(`${part.name} ended with ${text}`)
  }
  const unclean = [...(await endForgottenSandboxes(folder)), ...describeSocket(folder)]
  folder.remove()
  const problems = [...unclean, ...(await findLeftovers(traces))]
  for (const problem of problems) output.failed(problem)
  if (problems.length === 0) output.done('nothing is left behind: no process, no socket, no folder')
  return problems.length === 0
}

/** A sandbox outlives its driver, as it must, so what the client could no longer delete is ended here. */
async function endForgottenSandboxes({ path }: DemoFolder): Promise<string[]> {
  const folders = listSandboxFoldersInUse(path)
  await Promise.all(folders.map((directory) => endSandboxProcesses({ directory }, { graceMs: 0 })))
  return folders.map((folder) => `the sandbox in ${folder} still ran; its processes were killed`)
}

function describeSocket({ driverSocket }: DemoFolder): string[] {
  return existsSync(driverSocket) ? [`the driver left its socket at ${driverSocket}; it was removed`] : []
}
