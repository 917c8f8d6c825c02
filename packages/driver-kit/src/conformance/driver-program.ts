import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { ConformanceError } from './conformance-error.js'
import { untilListening } from './until-listening.js'

/** As long as a gateway waits for its driver's socket. */
const startMs = 30_000
const endMs = 10_000
const tailLength = 2_000

/** A driver in any language that the suite runs itself, so that it can end it without a warning. */
export class DriverProgram implements AsyncDisposable {
  readonly #command: string
  readonly #socketPath: string
  readonly #environment: NodeJS.ProcessEnv
  #process: ChildProcess | undefined
  #tail = ''

  /** `command` is a line for `/bin/sh`; it has to end in the driver, with `exec` or by being the driver. */
  constructor(command: string, socketPath: string, environment: NodeJS.ProcessEnv) {
    this.#command = command
    this.#socketPath = socketPath
    this.#environment = environment
  }

  /**
   * Starts the driver; resolves when it serves.
   *
   * @throws ConformanceError `command-failed` with what it printed when it ends first, or does not serve within 30 s.
   */
  async start(): Promise<void> {
    this.#tail = ''
    const child = spawn('/bin/sh', ['-c', this.#command], {
      // A group of its own: an end reaches what the command has put around the driver, and Ctrl-C leaves the driver to the suite.
      detached: true,
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#process = child
    process.on('exit', this.#killAtExit)
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        this.#tail = `${this.#tail}${String(chunk)}`.slice(-tailLength)
      })
    }
    const ended = new AbortController()
    child.once('error', () => ended.abort())
    child.once('exit', () => ended.abort())
    const timeout = AbortSignal.timeout(startMs)
    if (await untilListening(this.#socketPath, AbortSignal.any([ended.signal, timeout]))) return
    const how = timeout.aborted
      ? `did not serve on ${this.#socketPath} within ${startMs / 1_000} s`
      : describeEnd(child)
    await this.#end('SIGKILL')
    throw new ConformanceError(
      'command-failed',
      `The driver command ${how}. It printed: ${this.#tail.trim() || 'nothing'}`,
    )
  }

  /** Ends the driver without a warning, as a crash or `kill -9` does, and starts it again. */
  async restart(): Promise<void> {
    await this.#end('SIGKILL')
    await this.start()
  }

  /** Ends the driver as a service manager does: with SIGTERM, and after ten seconds with SIGKILL. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end('SIGTERM')
  }

  // A process that ends at once must not leave its driver behind.
  readonly #killAtExit = (): void => {
    if (this.#process?.pid !== undefined) signalGroup(-this.#process.pid, 'SIGKILL')
  }

  async #end(name: NodeJS.Signals): Promise<void> {
    process.off('exit', this.#killAtExit)
    const child = this.#process
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    const group = -child.pid
    const later = setTimeout(() => signalGroup(group, 'SIGKILL'), endMs)
    signalGroup(group, name)
    await gone
    clearTimeout(later)
  }
}

function signalGroup(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(group, name)
  } catch {
    // The group is gone already, which is what was wanted.
  }
}

function describeEnd({ exitCode, signalCode }: ChildProcess): string {
  return signalCode === null ? `ended with code ${exitCode}` : `was ended by ${signalCode}`
}
