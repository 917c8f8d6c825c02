import type { Readable, Writable } from 'node:stream'
import type { ServerChannel } from 'ssh2'

/** The two streams of a command's output. */
export type OutputStream = 'stdout' | 'stderr'

/** Sends a command's output to its SSH channel, one piece after the other; after the channel has closed it drops them. */
export class ChannelOutput {
  readonly #channel: ServerChannel
  #closed = false
  #release: (() => void) | undefined
  #last: Promise<void> = Promise.resolve()
  #sentBytes = 0

  /** `closed` aborts when the client has closed the channel or the connection is gone. */
  constructor(channel: ServerChannel, closed: AbortSignal) {
    this.#channel = channel
    channel.on('error', () => this.drop())
    channel.stderr.on('error', () => this.drop())
    closed.addEventListener('abort', () => this.drop(), { once: true })
    if (closed.aborted) this.drop()
  }

  /** How many bytes the client has taken. */
  get sentBytes(): number {
    return this.#sentBytes
  }

  /** Whether the client's window holds a piece back. */
  get blocked(): boolean {
    return this.#release !== undefined
  }

  /** Resolves when the client's window has taken the bytes, or they were dropped. */
  write(stream: OutputStream, bytes: Uint8Array): Promise<void> {
    this.#last = this.#last.then(() => this.#send(stream, bytes))
    return this.#last
  }

  /** Sends all that comes, as fast as the client takes it. Resolves at the end of the source. */
  async pump(stream: OutputStream, source: Readable): Promise<void> {
    try {
      for await (const bytes of source) await this.write(stream, bytes)
    } catch {
      // A pipe that breaks has ended.
    }
  }

  /** Drops what comes from now on. */
  drop(): void {
    this.#closed = true
    this.#release?.()
  }

  /** Sends the exit status after all output, then closes the channel. */
  async finish(exitStatus: number): Promise<void> {
    await this.#last
    this.drop()
    this.#channel.exit(exitStatus)
    this.#channel.end()
    // Input that nobody reads any more would hold the channel's close event back.
    this.#channel.resume()
  }

  async #send(stream: OutputStream, bytes: Uint8Array): Promise<void> {
    const sink: Writable = stream === 'stdout' ? this.#channel : this.#channel.stderr
    if (this.#closed || !sink.writable) return
    await new Promise<void>((resolve) => {
      this.#release = resolve
      sink.write(bytes, () => resolve())
    })
    this.#release = undefined
    this.#sentBytes += bytes.length
    forgetBlockedChunks(this.#channel)
  }
}

// ssh2 keeps the chunk that waited for the window after sending it, and would send it again when the other stream has waited.
function forgetBlockedChunks(channel: ServerChannel): void {
  Object.assign(channel, { _chunk: undefined, _chunkcb: undefined, _chunkErr: undefined, _chunkcbErr: undefined })
}
