import { readSync } from 'node:fs'
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
  /** Receives the output; resolves when it is taken. */
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
    const reading = new ReadAhead(this.#socket, onOutput)
    this.#pty.onData((bytes) => reading.receive(bytes as unknown as Buffer))
    this.#socket.once('end', () => {
      for (const bytes of readRest(this.#pty)) reading.receive(bytes)
    })
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

/**
 * Reads ahead of whoever takes the output.
 *
 * node-pty closes a terminal 200 ms after its process has ended: output is safe only once it is read. A reader that is further behind than this holds the process back instead.
 */
const READ_AHEAD_BYTES = 4 * 1024 * 1024

/** A terminal gives 4095 bytes at most in one read. */
const READ_BYTES = 4096

class ReadAhead {
  readonly #socket: Socket
  readonly #onOutput: (bytes: Buffer) => Promise<void>
  #pendingBytes = 0

  constructor(socket: Socket, onOutput: (bytes: Buffer) => Promise<void>) {
    this.#socket = socket
    this.#onOutput = onOutput
  }

  receive(bytes: Buffer): void {
    this.#pendingBytes += bytes.length
    if (this.#pendingBytes > READ_AHEAD_BYTES) this.#socket.pause()
    this.#onOutput(bytes).then(() => {
      this.#pendingBytes -= bytes.length
      if (this.#pendingBytes <= READ_AHEAD_BYTES) this.#socket.resume()
    })
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

// A hang-up counts as the end of the stream as soon as one read has not filled its buffer, while the kernel has more to give.
function readRest(pty: IPty): readonly Buffer[] {
  const { fd } = pty as unknown as { readonly fd: number }
  const rest: Buffer[] = []
  for (;;) {
    const buffer = Buffer.allocUnsafe(READ_BYTES)
    try {
      const length = readSync(fd, buffer)
      if (length === 0) return rest
      rest.push(buffer.subarray(0, length))
    } catch {
      // EIO: nothing is left. EAGAIN: nothing is there now.
      return rest
    }
  }
}

// The public surface of node-pty cannot tell when input was taken.
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
