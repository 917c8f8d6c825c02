import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Answer, Question } from './child-messages.js'

/** A server in a process of its own, so that its processor time and its memory are its own too. */
export class ChildServer implements AsyncDisposable {
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  /** Starts a program of this folder, as it is built beside this file, and resolves when it serves. */
  static async start(program: 'kit-server' | 'bare-server', args: readonly string[]): Promise<ChildServer> {
    const child = fork(fileURLToPath(new URL(`./${program}.mjs`, import.meta.url)), args, {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const server = new ChildServer(child)
    await server.#answer('serving')
    return server
  }

  /** Asks the program something and resolves with what it answers. */
  async ask<Name extends Question['ask']>(
    question: Extract<Question, { ask: Name }>,
  ): Promise<Extract<Answer, { answer: Name }>> {
    this.#child.send(question)
    return this.#answer(question.ask)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await exited
  }

  #answer<Name extends Answer['answer']>(name: Name): Promise<Extract<Answer, { answer: Name }>> {
    return new Promise((resolve, reject) => {
      const onMessage = (message: Answer) => {
        if (message.answer !== name) return
        stop()
        resolve(message as Extract<Answer, { answer: Name }>)
      }
      const onExit = (code: number | null) => {
        stop()
        reject(new Error(`The server ended with code ${code} before it answered "${name}".`))
      }
      const stop = () => {
        this.#child.off('message', onMessage)
        this.#child.off('exit', onExit)
      }
      this.#child.on('message', onMessage)
      this.#child.on('exit', onExit)
    })
  }
}
