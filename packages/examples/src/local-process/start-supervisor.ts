import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { constants } from 'node:os'
import { findProcess, type ProcessIdentity } from './process-table.js'

/** How to start a sandbox's first process. */
export interface SupervisorStartOptions {
  /** The program and its arguments. */
  readonly command: readonly [program: string, ...parameters: string[]]
  /** All of its environment: nothing of the driver's own gets in. */
  readonly environment: Readonly<Record<string, string>>
  /** Where it runs. The sandbox's own working directory is one of its arguments. */
  readonly directory: string
  /** What it writes is added to this file. */
  readonly logFile: string
}

/** A sandbox's first process. */
export interface StartedSupervisor {
  readonly identity: ProcessIdentity
  /** Resolves with the exit code when it ends; 128 + N after signal N. */
  readonly exited: Promise<number>
}

/**
 * Starts a process in a session of its own, so that it, and all that it starts, outlives the driver.
 *
 * @throws when the program cannot be started at all.
 */
export async function startSupervisor(options: SupervisorStartOptions): Promise<StartedSupervisor> {
  const { command, environment, directory, logFile } = options
  const [program, ...parameters] = command
  const log = openSync(logFile, 'a', 0o600)
  const child = spawn(program, parameters, {
    detached: true,
    cwd: directory,
    env: environment,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  await once(child, 'spawn')
  const exited = once(child, 'exit').then(([code, signal]) => toExitCode(code, signal))
  child.unref()
  return { identity: identify(child.pid ?? 0), exited }
}

/** A process that has ended already gets a start time that no process has. */
function identify(pid: number): ProcessIdentity {
  return { pid, startTime: findProcess(pid)?.startTime ?? 'ended' }
}

function toExitCode(code: number | null, signal: NodeJS.Signals | null): number {
  return signal === null ? (code ?? 1) : 128 + constants.signals[signal]
}
