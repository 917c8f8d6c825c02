import { randomUUID } from 'node:crypto'
import type { StoredRecord } from '../records/stored-record.js'

/** Keeps what a store holds; called after each change with all records, oldest first. */
export type SaveRecords<Value> = (records: readonly StoredRecord<Value>[]) => void

/** What a store is made from. */
export interface RecordStoreOptions<Value> {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The records of an earlier run, oldest first. */
  readonly saved?: readonly StoredRecord<Value>[]
  /** Nothing is kept when absent. */
  readonly save?: SaveRecords<Value>
}

/** Named records of one kind, oldest first. Every operation is synchronous, so a read and its write never interleave. */
export class RecordStore<Value> {
  readonly #records = new Map<string, StoredRecord<Value>>()
  // By scope, then by name: the id.
  readonly #names = new Map<string, Map<string, string>>()
  readonly #now: () => number
  readonly #save: SaveRecords<Value> | undefined

  constructor({ now, saved = [], save }: RecordStoreOptions<Value>) {
    this.#now = now
    this.#save = save
    for (const record of saved) this.#keep(record)
  }

  /** Adds a record; returns `undefined`, and changes nothing, when its name is taken in its scope. */
  insert(scope: string, name: string, value: Value): StoredRecord<Value> | undefined {
    if (this.find(scope, name)) return undefined
    const now = this.#now()
    const record = { id: randomUUID(), scope, name, createdAtMs: now, updatedAtMs: now, resourceVersion: 1, value }
    return this.#write(record)
  }

  /** The record with this id, or `undefined`. */
  get(id: string): StoredRecord<Value> | undefined {
    return this.#records.get(id)
  }

  /** The record with this name in this scope, or `undefined`. */
  find(scope: string, name: string): StoredRecord<Value> | undefined {
    const id = this.#names.get(scope)?.get(name)
    return id === undefined ? undefined : this.#records.get(id)
  }

  /** All records, oldest first; of one scope when it is given. */
  list(scope?: string): StoredRecord<Value>[] {
    if (scope === undefined) return [...this.#records.values()]
    const ids = [...(this.#names.get(scope)?.values() ?? [])]
    return ids.flatMap((id) => this.#records.get(id) ?? [])
  }

  /** Writes a record's next version. Returns `undefined` when the record is gone. */
  update(id: string, value: Value): StoredRecord<Value> | undefined {
    const record = this.#records.get(id)
    if (!record) return undefined
    return this.#write({ ...record, value, updatedAtMs: this.#now(), resourceVersion: record.resourceVersion + 1 })
  }

  /** Removes a record; returns `false` when there was none. */
  remove(id: string): boolean {
    return this.removeWhere((record) => record.id === id, this.#records.get(id)?.scope) > 0
  }

  /** Removes the records that match, of all scopes or of one, and returns how many they were. */
  removeWhere(matches: (record: StoredRecord<Value>) => boolean, scope?: string): number {
    const removed = this.list(scope).filter(matches)
    for (const record of removed) {
      this.#records.delete(record.id)
      const names = this.#names.get(record.scope)
      names?.delete(record.name)
      if (names?.size === 0) this.#names.delete(record.scope)
    }
    if (removed.length > 0) this.#save?.(this.list())
    return removed.length
  }

  /** Removes everything of one scope. */
  removeScope(scope: string): void {
    this.removeWhere(() => true, scope)
  }

  #write(record: StoredRecord<Value>): StoredRecord<Value> {
    this.#keep(record)
    this.#save?.(this.list())
    return record
  }

  #keep(record: StoredRecord<Value>): void {
    this.#records.set(record.id, record)
    const names = this.#names.get(record.scope) ?? new Map<string, string>()
    this.#names.set(record.scope, names.set(record.name, record.id))
  }
}
