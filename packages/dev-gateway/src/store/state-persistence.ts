import type { SandboxRow } from '../records/sandbox-row.js'
import type { WorkspaceRow } from '../records/workspace-row.js'

/** Where rows go besides memory. A write is on the disk when the call returns. */
export interface StatePersistence {
  saveSandbox(row: SandboxRow): void
  removeSandbox(id: string): void
  saveWorkspaces(rows: readonly WorkspaceRow[]): void
}
