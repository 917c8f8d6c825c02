/** What tells work to end: an `AbortSignal`, or a `LazySignal`. */
export interface EndSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void, options?: { once: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Tells work to end. Most calls end without that, so it makes the `AbortSignal`, which is dear, only for who asks for it. */
export class LazySignal implements EndSignal {
  #listeners: Set<() => void> | undefined
  #aborted = false
  #controller: AbortController | undefined

  get aborted(): boolean {
    return this.#aborted
  }

  /** The signal for handlers and for calls of the platform. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#aborted) this.#controller.abort()
    }
    return this.#controller.signal
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners ??= new Set()
    this.#listeners.add(listener)
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners?.delete(listener)
  }

  /** Tells everybody, once. */
  abort(): void {
    if (this.#aborted) return
    this.#aborted = true
    this.#controller?.abort()
    for (const listener of this.#listeners ?? []) listener()
    this.#listeners = undefined
  }
}
