/** Keeps the first bytes of a stream, up to a limit; 0 means no limit. */
export class OutputBuffer {
  readonly #limit: number
  readonly #chunks: Uint8Array[] = []
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
    const kept = chunk.length > room ? chunk.slice(0, room) : chunk
    if (kept.length === 0) return
    this.#chunks.push(kept)
    this.#size += kept.length
  }

  /** Everything that was kept, in one piece. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.#size)
    let offset = 0
    for (const chunk of this.#chunks) {
      bytes.set(chunk, offset)
      offset += chunk.length
    }
    return bytes
  }
}
