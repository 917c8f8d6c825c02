/** What the gateway keeps about every record. */
export interface RecordInfo {
  /** Unique for ever; a new record of the same name has another id. */
  readonly id: string
  readonly name: string
  /** The workspace that holds it; empty for records of the gateway itself. */
  readonly workspace: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly createdAt: Date
  /** When deletion was asked for; absent while it was not. */
  readonly deletedAt?: Date
  /** Grows with every change; compare for equality only. */
  readonly resourceVersion: string
}
