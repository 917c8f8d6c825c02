/** A stored workspace. */
export interface WorkspaceRow {
  readonly id: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly createdAtMs: number
  readonly resourceVersion: number
  /** Set by the first attempt to delete it, and kept while it still holds something. */
  readonly deletionAtMs?: number | undefined
}
