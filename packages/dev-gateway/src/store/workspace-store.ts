import { randomUUID } from 'node:crypto'
import type { WorkspaceRow } from '../records/workspace-row.js'
import type { StatePersistence } from './state-persistence.js'

/** The workspace that always exists, and that an empty name means. */
export const defaultWorkspace = 'default'

/** The gateway's workspaces, oldest first. */
export class WorkspaceStore {
  readonly #rows = new Map<string, WorkspaceRow>()
  readonly #now: () => number
  readonly #persistence: Pick<StatePersistence, 'saveWorkspaces'> | undefined

  /** `saved` are the rows of an earlier run; writes also go to `persistence` when there is one. */
  constructor(
    now: () => number,
    saved: readonly WorkspaceRow[] = [],
    persistence?: Pick<StatePersistence, 'saveWorkspaces'>,
  ) {
    this.#now = now
    this.#persistence = persistence
    for (const row of saved) this.#rows.set(row.name, row)
    this.insert(defaultWorkspace, {})
  }

  /** Adds a workspace; returns `undefined`, and changes nothing, when the name is taken. */
  insert(name: string, labels: Readonly<Record<string, string>>): WorkspaceRow | undefined {
    if (this.#rows.has(name)) return undefined
    const row = { id: randomUUID(), name, labels, createdAtMs: this.#now(), resourceVersion: 1 }
    this.#rows.set(name, row)
    this.#save()
    return row
  }

  /** The workspace with this name, or `undefined`. */
  get(name: string): WorkspaceRow | undefined {
    return this.#rows.get(name)
  }

  /** All workspaces, oldest first. */
  list(): WorkspaceRow[] {
    return [...this.#rows.values()]
  }

  /** Marks a workspace as being deleted; a second time changes nothing. */
  terminate(name: string): void {
    const row = this.#rows.get(name)
    if (!row || row.deletionAtMs !== undefined) return
    this.#rows.set(name, { ...row, deletionAtMs: this.#now(), resourceVersion: row.resourceVersion + 1 })
    this.#save()
  }

  /** Removes a workspace. */
  remove(name: string): void {
    this.#rows.delete(name)
    this.#save()
  }

  #save(): void {
    this.#persistence?.saveWorkspaces(this.list())
  }
}
