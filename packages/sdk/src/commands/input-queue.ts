import type { CommandInput } from '../wire/exec-calls.js'

/** How much a frame holds; the gateways of line 0.1 take 64 KiB. */
const FRAME_BYTES = 32 * 1024

interface WaitingFrame {
  readonly data: Uint8Array
  readonly taken: () => void
  readonly refused: (error: Error) => void
}

/** What is on its way to a command: bytes in order and in frames, and the latest size of the terminal. Read it once. */
export class InputQueue implements AsyncIterable<CommandInput> {
  readonly #frames: WaitingFrame[] = []
  #size: { cols: number; rows: number } | undefined
  #ended = false
  #failure: Error | undefined
  #wake = () => {}
  readonly #closing = new AbortController()

  /** Aborts when no more is taken. */
  get closed(): AbortSignal {
    return this.#closing.signal
  }

  /** Resolves when the connection has taken all of it. Rejects when the command has ended, or the input has. */
  write(data: Uint8Array): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure)
    if (this.#ended) return Promise.reject(new Error('The input of the command has ended.'))
    const frames: Promise<void>[] = []
    for (let start = 0; start < data.length; start += FRAME_BYTES) {
      const frame = data.subarray(start, start + FRAME_BYTES)
      frames.push(new Promise((taken, refused) => this.#frames.push({ data: frame, taken, refused })))
    }
    this.#wake()
    const written = Promise.all(frames).then(() => undefined)
    // Whoever does not wait for a write hears of the failure where the output is read.
    written.catch(() => undefined)
    return written
  }

  /** Only the latest size is sent when several come while the connection is busy. */
  resize(cols: number, rows: number): void {
    this.#size = { cols, rows }
    this.#wake()
  }

  /** Ends the input behind what was written. */
  end(): void {
    this.#ended = true
    this.#wake()
  }

  /** Ends the input now; what was not taken yet fails with the error. */
  fail(error: Error): void {
    this.#failure ??= error
    for (const { refused } of this.#frames.splice(0)) refused(this.#failure)
    this.#closing.abort()
    this.end()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<CommandInput, void, undefined> {
    try {
      for (;;) {
        const size = this.#size
        const frame = this.#frames[0]
        if (size) {
          this.#size = undefined
          yield { type: 'resize', ...size }
        } else if (frame) {
          yield { type: 'stdin', data: frame.data }
          // Asked for the next one, the connection has room again. A failure meanwhile has answered the frame already.
          if (this.#frames[0] === frame) this.#frames.shift()
          frame.taken()
        } else if (this.#ended) {
          return
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve
          })
        }
      }
    } finally {
      this.fail(new Error('The command takes no more input.'))
    }
  }
}
