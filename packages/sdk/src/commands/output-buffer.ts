const SMALL_BYTES = 1024 * 1024
/** What is taken when the output is not small: memory that nothing is written to costs nothing, and copying what is there does. */
const LARGE_BYTES = 64 * 1024 * 1024

/**
 * Keeps the first bytes of a stream, up to a limit; 0 means no limit. They are copied as they come, while the sender is waited for,
 * and not all at once when the caller waits for the result.
 */
export class OutputBuffer {
  readonly #limit: number
  #bytes = new Uint8Array()
  #size = 0
  #overflowed = false

  constructor(maxBytes: number) {
    this.#limit = maxBytes === 0 ? Number.POSITIVE_INFINITY : maxBytes
  }

  /** True when bytes were dropped. */
  get overflowed(): boolean {
    return this.#overflowed
  }

  /** Keeps as much of the chunk as fits. */
  add(chunk: Uint8Array): void {
    const room = this.#limit - this.#size
    if (chunk.length > room) this.#overflowed = true
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk
    const size = this.#size + kept.length
    if (size > this.#bytes.length) this.#grow(size)
    this.#bytes.set(kept, this.#size)
    this.#size = size
  }

  /** Everything that was kept, in one piece that holds nothing else. */
  toBytes(): Uint8Array {
    return this.#size === this.#bytes.length ? this.#bytes : this.#bytes.slice(0, this.#size)
  }

  #grow(size: number): void {
    const wanted = Math.max(size, 2 * this.#bytes.length)
    const bytes = new Uint8Array(Math.min(this.#limit, size > SMALL_BYTES ? Math.max(wanted, LARGE_BYTES) : wanted))
    bytes.set(this.#bytes.subarray(0, this.#size))
    this.#bytes = bytes
  }
}
