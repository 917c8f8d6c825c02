/** A kept record: what every record has, and a value that is never changed in place. */
export interface StoredRecord<Value> {
  readonly id: string
  /** What it belongs to: the name of a workspace, or the id of a sandbox; empty for the platform. */
  readonly scope: string
  /** Unique within its scope. */
  readonly name: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
  /** Counts the writes, from 1. */
  readonly resourceVersion: number
  readonly value: Value
}
