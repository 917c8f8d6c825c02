import type { GatewayClock } from './gateway-clock.js'

/** A clock for tests: it runs as the machine's does, and jumps ahead when the test says so. */
export class TestClock implements GatewayClock {
  readonly #sleepers = new Set<() => void>()
  #skippedMs = 0

  now(): number {
    return Date.now() + this.#skippedMs
  }

  /** Jumps ahead. Whoever sleeps until then or less wakes up at once. */
  skip(ms: number): void {
    this.#skippedMs += ms
    for (const look of [...this.#sleepers]) look()
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const wakeAt = this.now() + ms
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined
      const wake = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', wake)
        this.#sleepers.delete(look)
        resolve()
      }
      const look = () => {
        clearTimeout(timer)
        const leftMs = wakeAt - this.now()
        if (leftMs <= 0 || signal?.aborted) wake()
        else timer = setTimeout(look, leftMs)
      }
      signal?.addEventListener('abort', wake, { once: true })
      this.#sleepers.add(look)
      look()
    })
  }
}
