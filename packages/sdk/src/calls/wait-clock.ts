import { toTimerMs } from '../transport/timer-limit.js'

/** The two limits of a wait: one for all of it, one for the time in which nothing happens. */
export class WaitClock {
  readonly #controller = new AbortController()
  readonly #idleTimeoutMs: number
  #timer: NodeJS.Timeout | undefined
  #idleTimer: NodeJS.Timeout | undefined
  #expired: string | undefined

  /** Starts at once; a limit of 0 is none. */
  constructor({ timeoutMs, idleTimeoutMs }: { readonly timeoutMs: number; readonly idleTimeoutMs: number }) {
    this.#idleTimeoutMs = idleTimeoutMs
    const totalMs = toTimerMs(timeoutMs)
    if (totalMs !== undefined) this.#timer = setTimeout(() => this.#expire(`timeoutMs: ${timeoutMs}`), totalMs)
    this.touch()
  }

  /** Aborts when a limit is reached. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** The option that was reached, with its value; undefined before. */
  get expired(): string | undefined {
    return this.#expired
  }

  /** Something happened: the idle limit starts again. */
  touch(): void {
    clearTimeout(this.#idleTimer)
    const idleMs = toTimerMs(this.#idleTimeoutMs)
    if (idleMs === undefined || this.#expired !== undefined) return
    this.#idleTimer = setTimeout(() => this.#expire(`idleTimeoutMs: ${this.#idleTimeoutMs}`), idleMs)
  }

  /** Stops both limits. */
  stop(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#idleTimer)
  }

  #expire(option: string): void {
    this.#expired = option
    this.stop()
    this.#controller.abort()
  }
}
