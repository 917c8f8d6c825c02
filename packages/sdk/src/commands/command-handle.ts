import type { RequestOptions } from '../calls/request-options.js'
import { checkOptions } from '../checks/check-options.js'
import { OpenShellError } from '../errors/openshell-error.js'
import type { ProcessSignal } from '../model/process-signal.js'
import type { CommandEvent } from './command-event.js'
import type { CommandExit } from './command-exit.js'

/** How a command is ended. */
export interface CommandKillOptions extends RequestOptions {
  /** What its processes get: `SIGTERM` asks them to end, and `SIGKILL` ends them. @default 'SIGTERM' */
  readonly processSignal?: ProcessSignal
}

/** What a handle is made of. */
export interface CommandHandleParts {
  readonly events: AsyncGenerator<CommandEvent, void, undefined>
  /** Ends the reading. */
  readonly stop: AbortController
  /** Signals the command's processes; absent when they cannot be found. */
  readonly kill?: ((processSignal: ProcessSignal, signal: AbortSignal | undefined) => Promise<boolean>) | undefined
}

/**
 * A command that runs. Iterate it for its output; the exit comes last. It can be read once, and reading slowly slows the
 * command down. A command whose end is never reported throws `ExecResultUnknownError`.
 */
export class CommandHandle implements AsyncIterable<CommandEvent>, AsyncDisposable {
  readonly #events: AsyncGenerator<CommandEvent, void, undefined>
  readonly #stop: AbortController
  readonly #first: Promise<IteratorResult<CommandEvent, void>>
  readonly #kill: CommandHandleParts['kill']
  #detached = false
  #exited = false

  /** @internal Handles come from `commands.start`. */
  constructor({ events, stop, kill }: CommandHandleParts) {
    this.#events = events
    this.#stop = stop
    this.#kill = kill
    // Sends the command now, not when somebody reads. A failure belongs to the reader, if there ever is one.
    this.#first = events.next()
    this.#first.catch(() => undefined)
  }

  /** What the command writes to stdout; reading it drops stderr. */
  get stdout(): AsyncIterable<Uint8Array> {
    return this.#read('stdout')
  }

  /** What the command writes to stderr; reading it drops stdout. */
  get stderr(): AsyncIterable<Uint8Array> {
    return this.#read('stderr')
  }

  /** Drops the output and returns how the command ended; `unknown` after `detach()`. */
  async wait(): Promise<CommandExit> {
    for await (const event of this) {
      if (event.type === 'exit') return event.exit
    }
    return { type: 'unknown' }
  }

  /**
   * Sends a signal to the command's processes, with those that they have started, and resolves to whether there were any: false after
   * the exit. The handle goes on until the exit is there. Needs option `killable`; best effort, by another command in the sandbox, which
   * does not find processes that have left their parents. Throws kind `failed-precondition` without the option.
   */
  async kill(options: CommandKillOptions = {}): Promise<boolean> {
    const { processSignal = 'SIGTERM', signal } = checkOptions('handle.kill', options, ['processSignal', 'signal'])
    if (!this.#kill) throw notKillable()
    return this.#exited ? false : this.#kill(processSignal, signal)
  }

  /** Stops listening: a reader gets kind `aborted`. The remote command goes on. */
  cancel(): void {
    this.#stop.abort(new DOMException('The handle was cancelled.', 'AbortError'))
  }

  /** Stops listening without an error: a reader's loop ends, without an exit event. The remote command goes on. */
  detach(): void {
    this.#detached = true
    this.#stop.abort()
  }

  /** Stops listening, as `detach` does. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.detach()
    await this.#first.catch(() => undefined)
    await this.#events.return()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<CommandEvent, void, undefined> {
    try {
      for (let next = await this.#first; !next.done; next = await this.#events.next()) {
        this.#exited ||= next.value.type === 'exit'
        yield next.value
      }
    } catch (error) {
      if (!this.#detached) throw error
    } finally {
      this.#stop.abort()
      await this.#events.return()
    }
  }

  async *#read(type: 'stdout' | 'stderr'): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const event of this) if (event.type === type) yield event.data
  }
}

function notKillable(): OpenShellError {
  return new OpenShellError({
    kind: 'failed-precondition',
    message: 'handle.kill: the processes of this command cannot be found, and gateways have no call that ends it.',
    hint: 'Start it with killable: true, or give it a limit with timeoutMs.',
  })
}
