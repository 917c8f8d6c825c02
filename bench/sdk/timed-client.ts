import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { ClientTask } from './client-tasks.js'

/** A client in a process of its own that does tasks when it is told to, and says how long each took. */
export class TimedClient implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #answers: AsyncIterator<string>

  /** Starts the program, which reads orders from its input: task and repetition. */
  constructor(program: string, args: readonly string[]) {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#child = child
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  }

  /** Resolves to the milliseconds that a task took. */
  async time(task: ClientTask, repetition: number): Promise<number> {
    this.#child.stdin?.write(`${task} ${repetition}\n`)
    const { value, done } = await this.#answers.next()
    if (done) throw new Error(`The client ended before it had done "${task}".`)
    return Number(value)
  }

  /** Lets it clean up, and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.stdin?.end()
    await exited
  }
}
