import type { RowChange, SandboxRow } from '../records/sandbox-row.js'
import type { StatePersistence } from './state-persistence.js'

/** Something that happened to a row. */
export type RowEvent =
  | { readonly type: 'written'; readonly row: SandboxRow }
  | { readonly type: 'removed'; readonly id: string }

/** The gateway's sandboxes, oldest first. Every operation is synchronous, so a read and its write never interleave. */
export class SandboxStore {
  readonly #rows = new Map<string, SandboxRow>()
  // By workspace, then by name.
  readonly #ids = new Map<string, Map<string, string>>()
  readonly #listeners = new Map<string, Set<(event: RowEvent) => void>>()
  readonly #now: () => number
  readonly #persistence: Pick<StatePersistence, 'saveSandbox' | 'removeSandbox'> | undefined

  /** `saved` are the rows of an earlier run, oldest first; writes also go to `persistence` when there is one. */
  constructor(
    now: () => number,
    saved: readonly SandboxRow[] = [],
    persistence?: Pick<StatePersistence, 'saveSandbox' | 'removeSandbox'>,
  ) {
    this.#now = now
    this.#persistence = persistence
    for (const row of saved) this.#keep(row)
  }

  /** Adds a row; returns `undefined`, and changes nothing, when its name is taken in its workspace. */
  insert(row: Omit<SandboxRow, 'createdAtMs' | 'updatedAtMs' | 'resourceVersion'>): SandboxRow | undefined {
    if (this.find(row.workspace, row.name)) return undefined
    const now = this.#now()
    const stored: SandboxRow = { ...row, createdAtMs: now, updatedAtMs: now, resourceVersion: 1 }
    return this.#write(stored)
  }

  /** The row with this id, or `undefined`. */
  get(id: string): SandboxRow | undefined {
    return this.#rows.get(id)
  }

  /** The row with this name in this workspace, or `undefined`. */
  find(workspace: string, name: string): SandboxRow | undefined {
    const id = this.#ids.get(workspace)?.get(name)
    return id === undefined ? undefined : this.#rows.get(id)
  }

  /** All rows, oldest first; of one workspace when it is given. */
  list(workspace?: string): SandboxRow[] {
    const rows = [...this.#rows.values()]
    return workspace === undefined ? rows : rows.filter((row) => row.workspace === workspace)
  }

  /** Writes a row's next version. Returns `undefined` when the row is gone. */
  update(id: string, change: RowChange): SandboxRow | undefined {
    const row = this.#rows.get(id)
    if (!row) return undefined
    return this.#write({ ...row, ...change, updatedAtMs: this.#now(), resourceVersion: row.resourceVersion + 1 })
  }

  /** Shows those who follow a row what it is now: something that belongs to it has changed. */
  announce(id: string): void {
    const row = this.#rows.get(id)
    if (row) this.#emit(id, { type: 'written', row })
  }

  /** Removes a row; returns `false` when there was none. */
  remove(id: string): boolean {
    const row = this.#rows.get(id)
    if (!row) return false
    this.#rows.delete(id)
    const ids = this.#ids.get(row.workspace)
    ids?.delete(row.name)
    if (ids?.size === 0) this.#ids.delete(row.workspace)
    this.#persistence?.removeSandbox(id)
    this.#emit(id, { type: 'removed', id })
    return true
  }

  /** Calls `listener` for every later event of one row. Returns what ends the subscription. */
  subscribe(id: string, listener: (event: RowEvent) => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set()
    this.#listeners.set(id, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(id)
    }
  }

  #write(row: SandboxRow): SandboxRow {
    this.#persistence?.saveSandbox(row)
    this.#keep(row)
    this.#emit(row.id, { type: 'written', row })
    return row
  }

  #keep(row: SandboxRow): void {
    this.#rows.set(row.id, row)
    const ids = this.#ids.get(row.workspace) ?? new Map<string, string>()
    this.#ids.set(row.workspace, ids.set(row.name, row.id))
  }

  #emit(id: string, event: RowEvent): void {
    for (const listener of [...(this.#listeners.get(id) ?? [])]) listener(event)
  }
}
