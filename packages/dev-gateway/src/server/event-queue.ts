/** A bounded queue between someone who must not wait and someone who may. */
export class EventQueue<Event> {
  readonly #capacity: number
  readonly #events: Event[] = []
  #dropped = 0
  #ended = false
  #wake: (() => void) | undefined

  /** `capacity` is how many events may wait; what comes beyond it is counted and dropped. */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** How many events have found no room since this was asked last. */
  takeDropped(): number {
    const dropped = this.#dropped
    this.#dropped = 0
    return dropped
  }

  /** Adds an event; after `end` nothing is added any more. */
  push(event: Event): void {
    if (this.#ended) return
    if (this.#events.length >= this.#capacity) this.#dropped++
    else this.#events.push(event)
    this.#wake?.()
  }

  /** Ends the queue: what waits is still delivered. */
  end(): void {
    this.#ended = true
    this.#wake?.()
  }

  /** The next event, or `undefined` when the queue has ended or has dropped something. */
  async next(): Promise<Event | undefined> {
    for (;;) {
      if (this.#dropped > 0) return undefined
      const event = this.#events.shift()
      if (event !== undefined || this.#ended) return event
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = undefined
    }
  }
}
