/** The waits between attempts: the first, doubled each time, up to the longest. */
export class Backoff {
  readonly #firstMs: number
  readonly #longestMs: number
  #nextMs: number

  constructor({ firstMs, longestMs }: { readonly firstMs: number; readonly longestMs: number }) {
    this.#firstMs = firstMs
    this.#longestMs = longestMs
    this.#nextMs = firstMs
  }

  /** How long to wait before the next attempt, in milliseconds. */
  next(): number {
    const wait = this.#nextMs
    this.#nextMs = Math.min(wait * 2, this.#longestMs)
    return wait
  }

  /** Starts over with the first wait: an attempt has succeeded. */
  reset(): void {
    this.#nextMs = this.#firstMs
  }
}
