import { LazySignal } from './lazy-signal.js'

/** One run of a sandbox: from a create or a start until it is stopped, started again or deleted. */
export class Launch {
  readonly #ended = new LazySignal()
  /** Whether the run has ended; what is reported about it then is late news. */
  over = false

  /** Aborts when the run shall end. */
  get signal(): AbortSignal {
    return this.#ended.signal
  }

  /** Asks all work of the run to end. */
  abort(): void {
    this.#ended.abort()
  }

  /** Ends the run. */
  end(): void {
    this.abort()
    this.over = true
  }
}
