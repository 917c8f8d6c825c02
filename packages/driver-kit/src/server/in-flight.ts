/** Counts what runs, so that a shutdown can wait for it. */
export class InFlight {
  #running = 0
  #idle: (() => void) | undefined

  /** Counts the work until it settles, and settles as it does. */
  async track<Result>(work: Promise<Result>): Promise<Result> {
    this.#running += 1
    try {
      return await work
    } finally {
      this.#running -= 1
      if (this.#running === 0) this.#idle?.()
    }
  }

  /** Resolves when nothing runs. */
  idle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#idle = resolve
    })
  }
}
