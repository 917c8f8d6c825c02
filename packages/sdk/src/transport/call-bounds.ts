import { joinSignals, type LinkedSignal, linkSignals } from './linked-signal.js'

/** What ends the calls of a client beside the signal of each call: its closing, and for a derived one also what it was derived with. */
export class CallBounds {
  readonly #signals: readonly AbortSignal[]
  readonly #closings: readonly [AbortSignal, ...AbortSignal[]]

  /** A closing comes from `close()`, a signal from the caller. */
  constructor(closings: readonly [AbortSignal, ...AbortSignal[]], signals: readonly AbortSignal[] = []) {
    this.#closings = closings
    this.#signals = signals
  }

  /** Bounds that also end with a closing of their own, and with a signal when there is one. */
  narrow(closing: AbortSignal, signal: AbortSignal | undefined): CallBounds {
    return new CallBounds([...this.#closings, closing], signal ? [...this.#signals, signal] : this.#signals)
  }

  /** Bounds that end with the connection alone. */
  widen(): CallBounds {
    return new CallBounds([this.#closings[0]])
  }

  /** True when no call can be made any more. */
  get areOver(): boolean {
    return this.#closings.some(({ aborted }) => aborted) || this.#signals.some(({ aborted }) => aborted)
  }

  /** The closing that has come, else one that may. */
  get closed(): AbortSignal {
    return this.#closings.find(({ aborted }) => aborted) ?? this.#closings[0]
  }

  /** The caller's signal that has aborted; else that of the call. */
  askedBy(signal: AbortSignal | undefined): AbortSignal | undefined {
    return [signal, ...this.#signals].find((each) => each?.aborted) ?? signal
  }

  /** The same signal as `link` gives, for whoever does not abort it: it may be one of those that end the calls. */
  join(signal: AbortSignal | undefined): Omit<LinkedSignal, 'abort'> {
    return joinSignals(signal, ...this.#signals, ...this.#closings)
  }

  /** A signal that aborts with these bounds, and with the signal of a call. */
  link(signal: AbortSignal | undefined): LinkedSignal {
    return linkSignals(signal, ...this.#signals, ...this.#closings)
  }
}
