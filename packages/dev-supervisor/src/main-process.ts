import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Environment } from './child-environment.js'
import type { MainConsole } from './main-console.js'
import type { MainProcessSpec } from './main-process-spec.js'
import { type ProcessGroups, signalGroup } from './process-groups.js'
import { Terminal } from './terminal.js'

/** What the main process needs. */
export interface MainProcessOptions {
  readonly spec: MainProcessSpec
  readonly workdir: string
  readonly environment: Environment
  /** Receives its output; on a terminal all of it. Dropped when absent. */
  readonly stdout?: Writable | undefined
  /** Receives its error output; dropped when absent. */
  readonly stderr?: Writable | undefined
  readonly groups: ProcessGroups
  /** Shows the process to clients that attach to it. */
  readonly console: MainConsole
  readonly logger: Logger
}

/** The process that the sandbox exists for. */
export interface MainProcess {
  /** Id of the process and of its group; absent when it could not be started. */
  readonly processId?: number | undefined
  /** Resolves to the exit code (128 + number for a signal) when it has ended and its output was delivered. */
  readonly exitCode: Promise<number>
  /** Asks its whole group to end. */
  terminate(): void
  /** Ends its whole group. */
  kill(): void
}

const DRAIN_MS = 2_000
const NOT_FOUND = 127
const CANNOT_RUN = 126
const TERMINAL_SIZE = { columns: 80, rows: 24 }

/** Starts the main process in a group and session of its own. One that cannot be started has exit code 126 or 127. */
export async function startMainProcess(options: MainProcessOptions): Promise<MainProcess> {
  return options.spec.tty ? startOnTerminal(options) : startWithPipes(options)
}

async function startWithPipes(options: MainProcessOptions): Promise<MainProcess> {
  const [program, ...parameters] = options.spec.command
  const child = spawn(program, parameters, {
    cwd: options.workdir,
    env: options.environment,
    // Its stdin stays open and empty, so a shell without a script waits.
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  child.stdin.on('error', () => {})
  const failure = await startFailure(child)
  const { pid } = child
  if (failure || pid === undefined) return notStarted(failure, options.logger)
  options.groups.add(pid)
  forward(child.stdout, options.stdout)
  forward(child.stderr, options.stderr)
  child.stdout.on('data', (bytes: Buffer) => options.console.record('stdout', bytes))
  child.stderr.on('data', (bytes: Buffer) => options.console.record('stderr', bytes))
  options.console.connect({
    tty: false,
    write: (bytes) => deliver(child.stdin, bytes),
    resize() {},
    signal: (signal) => signalGroup(pid, signal),
  })
  return { processId: pid, exitCode: pipesExit(child, pid, options), ...signals(pid, ['SIGTERM']) }
}

async function startOnTerminal({
  spec,
  workdir,
  environment,
  stdout,
  groups,
  console,
}: MainProcessOptions): Promise<MainProcess> {
  const [program, ...parameters] = spec.command
  const terminal = new Terminal({
    program,
    parameters,
    workdir,
    environment,
    size: TERMINAL_SIZE,
    onOutput: (bytes) => {
      console.record('stdout', bytes)
      return deliver(stdout, bytes)
    },
  })
  const { processId } = terminal
  groups.add(processId)
  console.connect({
    tty: true,
    write: (bytes) => terminal.write(bytes),
    resize: (size) => terminal.resize(size),
    signal: (signal) => signalGroup(processId, signal),
  })
  const exitCode = terminal.exited.then((exit) => {
    groups.leaderEnded(processId)
    return 'code' in exit ? exit.code : 128 + exit.signal
  })
  // Interactive shells ignore SIGTERM, and end when their terminal hangs up.
  return { processId, exitCode, ...signals(processId, ['SIGTERM', 'SIGHUP']) }
}

function startFailure(child: ChildProcess): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    child.once('spawn', () => resolve(undefined))
    child.once('error', resolve)
  })
}

function notStarted(failure: NodeJS.ErrnoException | undefined, logger: Logger): MainProcess {
  const code = failure?.code ?? 'unknown error'
  logger.error(
    { code },
    'the main process cannot be started; check the program named first in OPENSHELL_MAIN_PROCESS_SPEC and its permissions',
  )
  return { exitCode: Promise.resolve(code === 'ENOENT' ? NOT_FOUND : CANNOT_RUN), terminate() {}, kill() {} }
}

function signals(group: number, gentle: readonly NodeJS.Signals[]): Pick<MainProcess, 'terminate' | 'kill'> {
  return {
    terminate() {
      for (const signal of gentle) signalGroup(group, signal)
    },
    kill: () => signalGroup(group, 'SIGKILL'),
  }
}

function pipesExit(child: ChildProcess, pid: number, { groups }: MainProcessOptions): Promise<number> {
  // Processes that it left behind may keep its pipes open: their output is not waited for longer than this.
  const closed = new Promise((resolve) => child.once('close', resolve))
  return new Promise((resolve) => {
    child.once('exit', async (code, signal) => {
      groups.leaderEnded(pid)
      await Promise.race([closed, delay(DRAIN_MS, undefined, { ref: false })])
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))
    })
  })
}

function forward(source: Readable, sink: Writable | undefined): void {
  if (!sink) {
    source.resume()
    return
  }
  source.pipe(sink, { end: false })
  // A sink that breaks is left by the pipe; the process must not block on output that nobody takes.
  sink.once('error', () => source.resume())
}

function deliver(sink: Writable | undefined, bytes: Uint8Array): Promise<void> {
  if (!sink?.writable) return Promise.resolve()
  return new Promise((resolve) => {
    sink.write(bytes, () => resolve())
  })
}
