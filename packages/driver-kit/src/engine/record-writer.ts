import type { DriverLogger } from '../driver/driver-logger.js'
import type { SandboxEntry } from './sandbox-entry.js'
import type { SandboxStore } from './sandbox-store.js'

/** How many records are written at the same time in the background: after a host's restart all of them change at once. */
const writers = 8

/** Writes records: at once where the next step depends on it, else soon, several changes in one write. */
export class RecordWriter {
  readonly #store: SandboxStore
  readonly #logger: DriverLogger
  readonly #running = new Map<SandboxEntry, Promise<void>>()
  /** What is to be written, the longest waiting first. */
  readonly #dirty = new Set<SandboxEntry>()

  constructor(store: SandboxStore, logger: DriverLogger) {
    this.#store = store
    this.#logger = logger
  }

  /** Resolves when the entry as it is now is stored; rejects when it cannot be. */
  async save(entry: SandboxEntry): Promise<void> {
    await this.#store.update(entry.record)
  }

  /**
   * Stores the entry as it is now, as far as it can. For states that recovery can find out again: an operation that the
   * backend has carried out must not fail because the disk is full.
   */
  async saveIfPossible(entry: SandboxEntry): Promise<void> {
    try {
      await this.save(entry)
    } catch (error) {
      this.#logger.error({ err: error, sandboxId: entry.id }, 'A sandbox record could not be written')
    }
  }

  /** Stores the entry soon. */
  saveSoon(entry: SandboxEntry): void {
    this.#dirty.add(entry)
    this.#writeDirty()
  }

  /** Stores nothing more of the entry, and resolves when no write of it runs. */
  async forget(entry: SandboxEntry): Promise<void> {
    this.#dirty.delete(entry)
    await this.#running.get(entry)
  }

  /** Resolves when everything is stored. */
  async flush(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values())
  }

  #writeDirty(): void {
    for (const entry of this.#dirty) {
      if (this.#running.size >= writers) return
      if (this.#running.has(entry)) continue
      this.#dirty.delete(entry)
      const written = this.saveIfPossible(entry).then(() => {
        this.#running.delete(entry)
        this.#writeDirty()
      })
      this.#running.set(entry, written)
    }
  }
}
