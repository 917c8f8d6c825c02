import type { MainProcess } from './main-process.js'

/** How long the exit may be reported once the supervisor was asked to stop. */
const REPORT_AFTER_STOP_MS = 2_000

/** Ends the main process on request, and says when the exit report must give up because of that. */
export class StopControl {
  readonly #main: MainProcess
  readonly #giveUp = new AbortController()
  #state: 'running' | 'stopping' | 'ended' = 'running'
  #timer: NodeJS.Timeout | undefined
  #requested = false

  constructor(main: MainProcess) {
    this.#main = main
  }

  /** Aborts when reporting the exit must end: 2 s after a request and the exit, or at once for a grace of 0. */
  get giveUp(): AbortSignal {
    return this.#giveUp.signal
  }

  /** Whether the end was asked for, by somebody who now waits for it. */
  get requested(): boolean {
    return this.#requested
  }

  /** Ends the main process within that time, in milliseconds; 0 kills it. A later request sets the time anew. */
  request(graceMs: number): void {
    this.#requested = true
    if (graceMs === 0) this.#giveUp.abort()
    if (this.#state === 'ended') {
      this.#limitReport()
      return
    }
    if (this.#state === 'running') this.#main.terminate()
    this.#state = 'stopping'
    clearTimeout(this.#timer)
    if (graceMs === 0) this.#main.kill()
    else this.#timer = setTimeout(() => this.#main.kill(), graceMs)
  }

  /** The main process has ended; its ids may belong to others from now on. */
  mainEnded(): void {
    clearTimeout(this.#timer)
    if (this.#state === 'stopping') this.#limitReport()
    this.#state = 'ended'
  }

  /** The report is over, one way or the other. */
  reportEnded(): void {
    clearTimeout(this.#timer)
  }

  #limitReport(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#giveUp.abort(), REPORT_AFTER_STOP_MS)
  }
}
