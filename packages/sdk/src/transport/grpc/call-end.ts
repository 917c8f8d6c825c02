import { Code, ConnectError } from '@connectrpc/connect'

// A longer timer would fire at once.
const MAX_TIMER_MS = 2_147_483_647

/** What may end a call before its reply does: the caller's signal and its time limit. */
export class CallEnd {
  readonly #signal: AbortSignal | undefined
  readonly #timer: NodeJS.Timeout | undefined
  #failure: ConnectError | undefined
  #onEnd: ((failure: ConnectError) => void) | undefined
  #own: AbortController | undefined

  /** A limit that is absent, or longer than a timer can wait, is none. */
  constructor(signal: AbortSignal | undefined, timeoutMs: number | undefined) {
    this.#signal = signal
    if (signal?.aborted) {
      this.#fail(abortError(signal))
      return
    }
    signal?.addEventListener('abort', this)
    if (timeoutMs !== undefined && timeoutMs <= MAX_TIMER_MS) {
      this.#timer = setTimeout(() => this.#fail(timeoutError()), timeoutMs)
    }
  }

  /** Throws when the call has ended. */
  assertGoing(): void {
    if (this.#failure) throw this.#failure
  }

  /** A signal that aborts with the call. */
  get signal(): AbortSignal {
    this.#own ??= new AbortController()
    if (this.#failure) this.#own.abort(this.#failure)
    return this.#own.signal
  }

  /** Tells whoever does the present step of the call, in place of who did the one before. */
  tell(onEnd: (failure: ConnectError) => void): void {
    this.#onEnd = onEnd
    if (this.#failure) onEnd(this.#failure)
  }

  /** Waits for a step of the call; the step goes on unobserved when the call ends. */
  wait<T>(step: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      step.then(resolve, reject)
      this.tell(reject)
    })
  }

  /** Lets go of the signal and the timer: nothing ends the call any more. */
  release(): void {
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this)
    this.#onEnd = undefined
    this.#own?.abort()
  }

  /** Called by the signal: an object that listens saves each call a function. */
  handleEvent(): void {
    if (this.#signal) this.#fail(abortError(this.#signal))
  }

  #fail(failure: ConnectError): void {
    if (this.#failure) return
    this.#failure = failure
    this.#onEnd?.(failure)
    this.#own?.abort(failure)
  }
}

function abortError({ reason }: AbortSignal): ConnectError {
  return ConnectError.from(reason, Code.Canceled)
}

function timeoutError(): ConnectError {
  return new ConnectError('the operation timed out', Code.DeadlineExceeded)
}
