/** Counts what runs, so that a shutdown can wait for it. */
export class InFlight {
  #running = 0
  #idle: (() => void) | undefined

  /** Something begins to run; `end` has to follow. */
  begin(): void {
    this.#running += 1
  }

  /** Something that had begun has ended, whatever came of it. */
  end(): void {
    this.#running -= 1
    if (this.#running === 0) this.#idle?.()
  }

  /** Resolves when nothing runs. */
  idle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#idle = resolve
    })
  }
}
