import type { TraceEntry } from './trace-entry.js'

const keptEntries = 200

/** Collects what goes over a gateway's connections. Secrets never get in. */
export class CallTrace {
  readonly #recent: TraceEntry[] = []
  readonly #listeners = new Set<(entry: TraceEntry) => void>()

  /**
   * Calls a listener with every entry from now on. Returns what ends that. One that throws hears nothing more, and costs a warning of
   * the process.
   */
  listen(listener: (entry: TraceEntry) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The last 200 entries, oldest first; without the events of watches, of which one alone may bring many. */
  recent(): readonly TraceEntry[] {
    return [...this.#recent]
  }

  /** Adds an entry. */
  add(entry: TraceEntry): void {
    if (entry.type !== 'stream-event') this.#recent.push(entry)
    if (this.#recent.length > keptEntries) this.#recent.shift()
    for (const listener of this.#listeners) this.#tell(listener, entry)
  }

  // Entries come from the middle of calls, which are not the listener's to break.
  #tell(listener: (entry: TraceEntry) => void, entry: TraceEntry): void {
    try {
      listener(entry)
    } catch (error) {
      this.#listeners.delete(listener)
      process.emitWarning(`A listener of a call trace failed and hears nothing more: ${error}`)
    }
  }
}
