import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { vi } from 'vitest'
import { packageFile } from '../src/package-file.js'

/** A command of this repository that runs as a process, as it is built. Disposing of it kills it. */
export interface Program extends AsyncDisposable {
  readonly pid: number
  readonly stdout: () => string
  readonly stderr: () => string
  /** Resolves with the exit code, 128 + N after signal N, when all output has arrived. */
  readonly ended: Promise<number>
  readonly kill: (signal: NodeJS.Signals) => void
  /** Resolves when the text stands in the output. */
  readonly says: (text: string) => Promise<void>
}

/** What is run differently. */
export interface ProgramOptions {
  readonly environment?: Readonly<Record<string, string>>
}

/** Starts a program in a group of its own, so that it hears only of the signals that a test sends. */
export function startProgram(
  file: string,
  argv: readonly string[],
  { environment = {} }: ProgramOptions = {},
): Program {
  const child = spawn(process.execPath, [file, ...argv], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...environment },
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk
  })
  const ended = once(child, 'close').then(([code, signal]) =>
    signal === null ? (code ?? 1) : 128 + constants.signals[signal as NodeJS.Signals],
  )
  return {
    pid: child.pid ?? 0,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    ended,
    kill: (signal) => void child.kill(signal),
    says: (text) =>
      vi.waitFor(
        () => {
          if (!output.stdout.includes(text)) throw new Error(`"${text}" is not in: ${output.stdout}${output.stderr}`)
        },
        { timeout: 30_000, interval: 10 },
      ),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Starts the gateway. */
export function startGateway(driverSocket: string, ...more: string[]): Program {
  const file = packageFile('@openshell-ts/dev-gateway', 'bin/openshell-dev-gateway.js')
  return startProgram(file, ['--driver', `local-process=${driverSocket}`, ...more])
}

/** Starts the example driver. */
export function startDriver(...argv: string[]): Program {
  return startProgram(packageFile('@openshell-ts/examples', 'bin/local-process-driver.js'), argv)
}

/** Starts the example client. */
export function startStory(...argv: string[]): Program {
  return startProgram(packageFile('@openshell-ts/examples', 'bin/sandbox-story.js'), argv)
}

/** Starts the demo; everything that it writes goes below this folder. */
export function startDemo(folder: string, ...argv: string[]): Program {
  const file = packageFile('@openshell-ts/examples', 'bin/demo.js')
  return startProgram(file, argv, { environment: { TMPDIR: folder } })
}
