import type { TreeSize } from './measure-tree.js'

const REPORT_EVERY_MS = 100

/** How far a transfer is. */
export interface TransferProgress {
  /** Bytes of file contents so far. */
  readonly bytes: number
  /**
   * How many there will be, never less than `bytes`. Absent while it is not known: for content that is an iterable, and for trees of more
   * than 20,000 entries. The last report always has it.
   */
  readonly totalBytes?: number
  /** Files so far, with the present one. */
  readonly files: number
  /** How many there will be; absent while it is not known. */
  readonly totalFiles?: number
  /** The file that it is at, as its source names it. */
  readonly path: string
}

/** Hears of a transfer at most every 100 ms, and once at its end. Awaited; what it throws ends the transfer. */
export type TransferListener = (progress: TransferProgress) => unknown

/** Counts bytes and files, and tells a listener. */
export class ProgressMeter {
  readonly #listener: TransferListener | undefined
  #total: Partial<TreeSize> | undefined
  #path: string
  #bytes = 0
  #files = 0
  #toldAt = Number.NEGATIVE_INFINITY

  constructor(listener: TransferListener | undefined, path: string, total?: Partial<TreeSize>) {
    this.#listener = listener
    this.#path = path
    this.#total = total
  }

  get bytes(): number {
    return this.#bytes
  }

  get files(): number {
    return this.#files
  }

  /** Says what is to come, as far as somebody listens. */
  async expect(measure: () => Promise<TreeSize | undefined>): Promise<void> {
    if (this.#listener) this.#total = await measure()
  }

  /** Passes content on and counts it. */
  async *count(content: AsyncIterable<Uint8Array>, path = this.#path): AsyncGenerator<Uint8Array, void> {
    this.#files += 1
    for await (const chunk of content) {
      this.#bytes += chunk.length
      this.#path = path
      const now = performance.now()
      if (now - this.#toldAt >= REPORT_EVERY_MS) {
        this.#toldAt = now
        await this.#tell()
      }
      yield chunk
    }
  }

  /** Tells the end. */
  async finish(): Promise<void> {
    this.#total = { bytes: this.#bytes, files: this.#files }
    await this.#tell()
  }

  // What is copied may grow meanwhile.
  async #tell(): Promise<void> {
    const { bytes, files } = this.#total ?? {}
    await this.#listener?.({
      bytes: this.#bytes,
      ...(bytes !== undefined && { totalBytes: Math.max(bytes, this.#bytes) }),
      files: this.#files,
      ...(files !== undefined && { totalFiles: Math.max(files, this.#files) }),
      path: this.#path,
    })
  }
}
