import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Answer, Question } from './child-messages.js'

/** What there is to start. */
export type ServerProgram = 'kit-server' | 'bare-server' | 'gateway-server' | 'ssh-server'

/** A server in a process of its own, so that its processor time and its memory are its own too. */
export class ChildServer implements AsyncDisposable {
  readonly #child: ChildProcess
  /** The TCP port on which it serves; 0 when that is a socket that it was told of. */
  readonly port: number

  private constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.port = port
  }

  /** Starts a program as it is built beside this file, and resolves when it serves. */
  static async start(program: ServerProgram, args: readonly string[] = []): Promise<ChildServer> {
    const child = fork(fileURLToPath(new URL(`./${program}.mjs`, import.meta.url)), args, {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const { port } = await answerOf(child, 'serving')
    return new ChildServer(child, port)
  }

  /** Asks the program something and resolves with what it answers. */
  async ask<Name extends Question['ask']>(
    question: Extract<Question, { ask: Name }>,
  ): Promise<Extract<Answer, { answer: Name }>> {
    this.#child.send(question)
    return await answerOf(this.#child, question.ask)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await exited
  }
}

function answerOf<Name extends Answer['answer']>(
  child: ChildProcess,
  name: Name,
): Promise<Extract<Answer, { answer: Name }>> {
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
      child.off('message', onMessage)
      child.off('exit', onExit)
    }
    child.on('message', onMessage)
    child.on('exit', onExit)
  })
}
