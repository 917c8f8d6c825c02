import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import type { IPty } from '@lydell/node-pty'
import { SupervisorError } from './supervisor-error.js'

/** Columns and rows of a terminal; values under 1 count as 1. */
export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** What to run on a terminal. */
export interface TerminalOptions {
  readonly program: string
  readonly parameters: readonly string[]
  readonly workdir: string
  readonly environment: Readonly<Record<string, string>>
  readonly size: TerminalSize
  /** Receives the output. The next bytes are read when the promise resolves. */
  readonly onOutput: (bytes: Buffer) => Promise<void>
}

/** How a process ended: with a code, or by a signal's number. */
export type TerminalExit = { readonly code: number } | { readonly signal: number }

/** A process on a pseudo-terminal; it leads a session of its own. */
export class Terminal {
  readonly #pty: IPty
  readonly #socket: Socket
  /** Id of the process, of its group and of its session. */
  readonly processId: number
  /** Resolves when the process has ended and its output has been read. */
  readonly exited: Promise<TerminalExit>

  /** @throws SupervisorError of kind `terminal` where no pseudo-terminal can be made. */
  constructor({ program, parameters, workdir, environment, size, onOutput }: TerminalOptions) {
    this.#pty = loadPty().spawn(program, [...parameters], {
      cwd: workdir,
      env: { ...environment },
      ...(environment['TERM'] === undefined ? {} : { name: environment['TERM'] }),
      cols: atLeastOne(size.columns),
      rows: atLeastOne(size.rows),
      encoding: null,
    })
    this.#socket = masterSocket(this.#pty)
    this.processId = this.#pty.pid
    this.exited = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => resolve(signal ? { signal } : { code: exitCode }))
    })
    const reading = new Reading(this.#socket, onOutput)
    this.#pty.onData((bytes) => reading.receive(bytes as unknown as Buffer))
  }

  /** Sends input; resolves when the terminal has taken it, or is gone. */
  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      if (!this.#socket.writable) resolve()
      else this.#socket.write(bytes, () => resolve())
    })
  }

  /** Changes the size; nothing happens when the process has ended. */
  resize({ columns, rows }: TerminalSize): void {
    if (this.#socket.destroyed) return
    this.#pty.resize(atLeastOne(columns), atLeastOne(rows))
  }

  /** Takes the terminal away: the kernel sends SIGHUP to the processes on it. */
  hangUp(): void {
    this.#socket.destroy()
  }
}

/** Reads one piece at a time, and keeps the terminal open until the last one is delivered. */
class Reading {
  readonly #socket: Socket
  readonly #onOutput: (bytes: Buffer) => Promise<void>
  readonly #destroy: (error?: Error) => Socket
  #pending = 0
  #destroyLater = false

  constructor(socket: Socket, onOutput: (bytes: Buffer) => Promise<void>) {
    this.#socket = socket
    this.#onOutput = onOutput
    this.#destroy = socket.destroy.bind(socket)
    // node-pty destroys the socket 200 ms after the process has ended, whether or not its output has been read.
    socket.destroy = (error?: Error) => {
      if (this.#pending === 0) return this.#destroy(error)
      this.#destroyLater = true
      return socket
    }
  }

  receive(bytes: Buffer): void {
    this.#pending += 1
    this.#socket.pause()
    this.#onOutput(bytes).then(() => {
      this.#pending -= 1
      if (this.#pending > 0) return
      this.#socket.resume()
      if (this.#destroyLater) this.#destroyWhenIdle()
    })
  }

  #destroyWhenIdle(): void {
    this.#destroyLater = false
    setTimeout(() => this.#socket.destroy(), 200)
  }
}

function loadPty(): typeof import('@lydell/node-pty') {
  try {
    // Loaded with the first terminal: the binary exists for some platforms only.
    return createRequire(import.meta.url)('@lydell/node-pty')
  } catch (cause) {
    throw new SupervisorError({
      kind: 'terminal',
      message: `There is no pseudo-terminal on ${process.platform}-${process.arch}: @lydell/node-pty has no binary for it here. Run the command without a tty, or install the optional dependencies.`,
      cause,
    })
  }
}

// The public surface of node-pty can neither tell when input was taken nor keep output after the exit.
function masterSocket(pty: IPty): Socket {
  const socket = (pty as unknown as { _socket: Socket })._socket
  // With no listeners of ours, node-pty throws what it does not expect, such as EIO of a write after the exit.
  socket.on('error', () => {})
  socket.on('error', () => {})
  return socket
}

function atLeastOne(count: number): number {
  return Math.max(1, Math.min(count, 65_535))
}
