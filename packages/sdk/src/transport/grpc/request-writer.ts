import type { ClientHttp2Stream } from 'node:http2'

/** Sends the messages of a caller one after the other, each when the connection has taken the one before. */
export class RequestWriter {
  readonly #stream: ClientHttp2Stream
  readonly #frames: AsyncIterator<Uint8Array>
  #isOver = false
  #release = () => {}

  /** Takes encoded messages. */
  constructor(stream: ClientHttp2Stream, frames: AsyncIterator<Uint8Array>) {
    this.#stream = stream
    this.#frames = frames
  }

  /** Sends until the messages end, or `stop` is called. Rejects with what the messages throw. */
  async run(): Promise<void> {
    for (let next = await this.#frames.next(); !this.#isOver; next = await this.#frames.next()) {
      if (next.done) {
        this.#isOver = true
        this.#stream.end()
        return
      }
      await this.#write(next.value)
    }
  }

  /** Takes no more; whoever makes the messages hears why, when there is a reason. */
  stop(reason: Error | undefined): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#release()
    if (reason) void this.#frames.throw?.(reason).catch(() => undefined)
    void this.#frames.return?.().catch(() => undefined)
  }

  #write(frame: Uint8Array): Promise<void> {
    // A stream that is destroyed may not call back.
    return new Promise((resolve) => {
      this.#release = resolve
      this.#stream.write(frame, () => resolve())
    })
  }
}
