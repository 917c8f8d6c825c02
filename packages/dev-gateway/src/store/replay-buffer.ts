let nextPosition = 1

/** Keeps the last entries of each sandbox and passes new ones on to whoever follows. */
export class ReplayBuffer<Entry extends object> {
  readonly #positions = new WeakMap<Entry, number>()
  readonly #capacity: number
  readonly #entries = new Map<string, Entry[]>()
  readonly #listeners = new Map<string, Set<(entry: Entry) => void>>()

  /** `capacity` is how many entries one sandbox keeps; the oldest are dropped beyond it. */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** Adds an entry. */
  push(sandboxId: string, entry: Entry): void {
    const entries = this.#entries.get(sandboxId) ?? []
    entries.push(entry)
    this.#positions.set(entry, nextPosition++)
    if (entries.length > this.#capacity) entries.splice(0, entries.length - this.#capacity)
    this.#entries.set(sandboxId, entries)
    for (const listener of [...(this.#listeners.get(sandboxId) ?? [])]) listener(entry)
  }

  /** Where an entry stands among the entries of all buffers, in the order in which they came; 0 for one that never came. */
  positionOf(entry: Entry): number {
    return this.#positions.get(entry) ?? 0
  }

  /** The newest `count` entries, oldest first. */
  tail(sandboxId: string, count: number): readonly Entry[] {
    return count === 0 ? [] : (this.#entries.get(sandboxId) ?? []).slice(-count)
  }

  /** Calls `listener` for every later entry. Returns what ends the subscription. */
  subscribe(sandboxId: string, listener: (entry: Entry) => void): () => void {
    const listeners = this.#listeners.get(sandboxId) ?? new Set()
    this.#listeners.set(sandboxId, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(sandboxId)
    }
  }

  /** Drops everything of a sandbox that is gone. */
  forget(sandboxId: string): void {
    this.#entries.delete(sandboxId)
  }
}
