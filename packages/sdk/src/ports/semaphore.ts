/** Lets a number of holders in at a time; the others wait in order. */
export class Semaphore {
  readonly #waiting = new Set<() => void>()
  #free: number

  constructor(limit: number) {
    this.#free = limit
  }

  /** True when nobody holds a place or waits for one. */
  isIdle(limit: number): boolean {
    return this.#free === limit && this.#waiting.size === 0
  }

  /** Waits for a place. Returns what gives it back, once. Rejects with the signal's reason when that aborts first. */
  async acquire(signal: AbortSignal | undefined): Promise<() => void> {
    signal?.throwIfAborted()
    if (this.#free > 0) this.#free -= 1
    else await this.#wait(signal)
    let held = true
    return () => {
      if (held) this.#pass()
      held = false
    }
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        this.#waiting.delete(enter)
        reject(signal?.reason)
      }
      this.#waiting.add(enter)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  // A place goes straight to the one who waited longest.
  #pass(): void {
    const [next] = this.#waiting
    if (!next) {
      this.#free += 1
      return
    }
    this.#waiting.delete(next)
    next()
  }
}
