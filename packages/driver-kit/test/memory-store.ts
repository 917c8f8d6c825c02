import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SandboxRecord, SandboxSecrets, SandboxStore, StoredSandbox } from '../src/index.js'

/** A store that an author could have written: records in memory, standing for a backend, and folders below one place. */
export class MemoryStore implements SandboxStore {
  readonly #stored: Map<string, StoredSandbox>
  readonly #folder: string
  #closed = false

  /** What is stored is shared, so that a second store on it is the next process of the driver. */
  constructor(folder: string, stored: Map<string, StoredSandbox>) {
    this.#folder = folder
    this.#stored = stored
  }

  async load() {
    return { sandboxes: [...this.#stored.values()], broken: [] }
  }

  async create(record: SandboxRecord, { environment, token }: SandboxSecrets): Promise<StoredSandbox> {
    this.#requireOpen()
    const { id } = record.spec
    if (this.#stored.has(id)) throw new Error(`Sandbox ${id} is stored already.`)
    const directory = join(this.#folder, id)
    const tokenFile = join(this.#folder, `${id}.jwt`)
    await mkdir(directory, { mode: 0o700 })
    if (token !== undefined) await writeFile(tokenFile, token, { mode: 0o600 })
    const stored = { record, environment, directory, ...(token === undefined ? {} : { tokenFile }) }
    this.#stored.set(id, stored)
    return stored
  }

  async update(record: SandboxRecord): Promise<void> {
    this.#requireOpen()
    const stored = this.#stored.get(record.spec.id)
    if (stored === undefined) throw new Error(`Sandbox ${record.spec.id} is not stored.`)
    this.#stored.set(record.spec.id, { ...stored, record })
  }

  async remove(id: string): Promise<void> {
    this.#requireOpen()
    this.#stored.delete(id)
    await rm(join(this.#folder, id), { recursive: true, force: true })
    await rm(join(this.#folder, `${id}.jwt`), { force: true })
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  #requireOpen(): void {
    if (this.#closed) throw new Error('The store is closed.')
  }
}
