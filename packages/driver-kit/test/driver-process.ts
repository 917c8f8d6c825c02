import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const fileDriver = fileURLToPath(new URL('fixtures/file-driver.mjs', import.meta.url))

/** A driver as a process of its own, the fixture unless told. It runs what is built, so build the package first. */
export class DriverProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #exited: Promise<number | NodeJS.Signals>
  readonly #waiting = new Set<() => void>()
  stdout = ''
  stderr = ''

  constructor(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    program: string = fileDriver,
  ) {
    this.#child = spawn(process.execPath, [program, ...args], { env: { PATH: process.env['PATH'], ...environment } })
    this.#child.stdout?.on('data', (chunk) => {
      this.stdout += chunk
      this.#wake()
    })
    this.#child.stderr?.on('data', (chunk) => {
      this.stderr += chunk
      this.#wake()
    })
    this.#exited = once(this.#child, 'close').then(([code, signal]) => {
      this.#wake()
      return code ?? signal
    })
  }

  /** Resolves when the program has printed the text on stdout; rejects when it ends without. */
  async printed(text: string): Promise<void> {
    await this.#until(() => this.stdout.includes(text))
  }

  /** Resolves when the program has logged the text; rejects when it ends without. */
  async logged(text: string): Promise<void> {
    await this.#until(() => this.stderr.includes(text))
  }

  /** Sends a signal and resolves with the exit code, or the signal that ended the process. */
  kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals> {
    this.#child.kill(signal)
    return this.#exited
  }

  /** Resolves with the exit code, or the signal that ended the process. */
  exited(): Promise<number | NodeJS.Signals> {
    return this.#exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGKILL')
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#child.exitCode !== null) throw new Error(`The driver ended: ${this.stderr}`)
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }

  #wake(): void {
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }
}
