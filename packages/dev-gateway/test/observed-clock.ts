import { TestClock } from '../src/index.js'

/** A clock that tells a test who sleeps by it, so that it skips what is really waited for. */
export class ObservedClock extends TestClock {
  readonly #sleepers = new Set<{ readonly ms: number; readonly wakeAt: number }>()
  readonly #waiting = new Set<() => void>()

  override skip(ms: number): void {
    super.skip(ms)
    // Whoever wakes up does so a moment later, and must not count until then.
    for (const sleeper of this.#sleepers) if (sleeper.wakeAt <= this.now()) this.#sleepers.delete(sleeper)
  }

  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const sleeper = { ms, wakeAt: this.now() + ms }
    this.#sleepers.add(sleeper)
    const slept = super.sleep(ms, signal)
    for (const look of this.#waiting) look()
    this.#waiting.clear()
    await slept
    this.#sleepers.delete(sleeper)
  }

  /** Resolves when so many sleep for exactly this long. */
  async asleep(ms: number, count = 1): Promise<void> {
    while ([...this.#sleepers].filter((sleeper) => sleeper.ms === ms).length < count) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }
}
