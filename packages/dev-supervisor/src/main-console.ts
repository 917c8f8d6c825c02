import type { ServerChannel } from 'ssh2'
import { ChannelOutput, type OutputStream } from './channel-output.js'
import type { RunningCommand } from './command.js'
import { DetachKeys } from './detach-keys.js'
import type { TerminalSize } from './terminal.js'

/** What a console can do with the main process. */
export interface MainControls {
  readonly tty: boolean
  /** Sends input; resolves when it was taken or is of no use any more. */
  write(bytes: Uint8Array): Promise<void>
  resize(size: TerminalSize): void
  signal(signal: NodeJS.Signals): void
}

/** A client's wish to watch the main process. */
export interface AttachRequest {
  readonly channel: ServerChannel
  /** Aborts when the client has closed the channel or the connection is gone. */
  readonly closed: AbortSignal
  /** Whether the client only wants to watch. */
  readonly readOnly: boolean
  /** The size of the client's terminal, when it has one. */
  readonly size?: TerminalSize | undefined
}

/** An attached client. */
export interface Attachment extends RunningCommand {
  /** Sends a signal to the main process's group. */
  signal(signal: NodeJS.Signals): void
}

interface Piece {
  readonly stream: OutputStream
  readonly bytes: Uint8Array
}

interface Watcher {
  readonly output: ChannelOutput
  pendingBytes: number
}

/** How much output is kept for clients that come later, and how far behind one may be. */
const RETAINED_BYTES = 1024 * 1024

const READ_ONLY_NOTICE = 'openshell-dev-supervisor: another client has the input; this one only watches\r\n'

/** The main process's output for clients that attach to it, and its input for one of them at a time. */
export class MainConsole {
  readonly #retained: Piece[] = []
  #retainedBytes = 0
  readonly #watchers = new Set<Watcher>()
  #controls: MainControls | undefined
  #inputOwner: Watcher | undefined
  #exitCode: number | undefined

  /** The main process runs. */
  connect(controls: MainControls): void {
    this.#controls = controls
  }

  /** Takes output for those who watch, and for those who come later. */
  record(stream: OutputStream, bytes: Uint8Array): void {
    this.#retained.push({ stream, bytes })
    this.#retainedBytes += bytes.length
    while (this.#retainedBytes > RETAINED_BYTES) {
      const first = this.#retained.shift()
      this.#retainedBytes -= first?.bytes.length ?? this.#retainedBytes
    }
    for (const watcher of this.#watchers) this.#show(watcher, { stream, bytes })
  }

  /** The main process has ended: whoever watches gets its exit code. */
  async end(exitCode: number): Promise<void> {
    this.#exitCode = exitCode
    await Promise.all([...this.#watchers].map(({ output }) => output.finish(Math.max(exitCode, 0))))
    this.#watchers.clear()
  }

  /** Shows a client what the main process has said and says; the first one that wants to also writes its input. */
  attach({ channel, closed, readOnly, size }: AttachRequest): Attachment {
    const watcher: Watcher = { output: new ChannelOutput(channel, closed), pendingBytes: 0 }
    for (const piece of this.#retained) void watcher.output.write(piece.stream, piece.bytes)
    if (this.#exitCode !== undefined) {
      void watcher.output.finish(Math.max(this.#exitCode, 0))
      return { resize() {}, signal() {} }
    }
    this.#watchers.add(watcher)
    closed.addEventListener('abort', () => this.#leave(watcher), { once: true })
    if (!readOnly && this.#inputOwner) void watcher.output.write('stderr', Buffer.from(READ_ONLY_NOTICE))
    else if (!readOnly) this.#inputOwner = watcher
    this.#readInput(channel, watcher)
    const resize = (next: TerminalSize) => {
      if (this.#inputOwner === watcher) this.#controls?.resize(next)
    }
    if (size && size.columns > 0 && size.rows > 0) resize(size)
    return { resize, signal: (signal) => this.#controls?.signal(signal) }
  }

  // Everybody may detach with the keys; what the others type besides is dropped.
  #readInput(channel: ServerChannel, watcher: Watcher): void {
    const keys = new DetachKeys()
    channel.on('data', (bytes: Buffer) => {
      const { input, detached } = this.#controls?.tty ? keys.read(bytes) : { input: bytes, detached: false }
      if (this.#inputOwner === watcher && this.#controls && input.length > 0) {
        channel.pause()
        void this.#controls.write(input).then(() => channel.resume())
      }
      if (!detached) return
      this.#leave(watcher)
      void watcher.output.finish(0)
    })
  }

  #show(watcher: Watcher, { stream, bytes }: Piece): void {
    watcher.pendingBytes += bytes.length
    if (watcher.pendingBytes > RETAINED_BYTES) {
      // One who does not read must not hold the main process back, nor fill the memory.
      this.#leave(watcher)
      watcher.output.drop()
      void watcher.output.finish(1)
      return
    }
    void watcher.output.write(stream, bytes).then(() => {
      watcher.pendingBytes -= bytes.length
    })
  }

  #leave(watcher: Watcher): void {
    this.#watchers.delete(watcher)
    if (this.#inputOwner === watcher) this.#inputOwner = undefined
  }
}
