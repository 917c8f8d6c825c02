const REPORT_EVERY_MS = 100

/** How far a transfer is. */
export interface TransferProgress {
  /** Bytes of file contents so far. */
  readonly bytes: number
  /** Absent when it is not known beforehand, as for trees. */
  readonly totalBytes?: number
  /** The file that it is at, as its source names it. */
  readonly path: string
}

/** Hears of a transfer at most every 100 ms, and once at its end. */
export type TransferListener = (progress: TransferProgress) => void

/** Counts bytes and tells a listener. */
export class ProgressMeter {
  readonly #listener: TransferListener | undefined
  readonly #totalBytes: number | undefined
  #path: string
  #bytes = 0
  #toldAt = Number.NEGATIVE_INFINITY

  constructor(listener: TransferListener | undefined, path: string, totalBytes?: number) {
    this.#listener = listener
    this.#path = path
    this.#totalBytes = totalBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Passes content on and counts it. */
  async *count(content: AsyncIterable<Uint8Array>, path = this.#path): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of content) {
      this.#bytes += chunk.length
      this.#path = path
      const now = performance.now()
      if (now - this.#toldAt >= REPORT_EVERY_MS) {
        this.#toldAt = now
        this.#tell()
      }
      yield chunk
    }
  }

  /** Tells the end. */
  finish(): void {
    this.#tell()
  }

  #tell(): void {
    const total = this.#totalBytes === undefined ? {} : { totalBytes: this.#totalBytes }
    this.#listener?.({ bytes: this.#bytes, ...total, path: this.#path })
  }
}
