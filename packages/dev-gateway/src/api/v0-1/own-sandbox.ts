import type { WorkspaceSelector } from '@openshell-ts/protocol/v0-1'
import type { Principal } from '../../auth/principal.js'
import { permissionDenied } from '../../errors/status-error.js'
import type { SandboxRow } from '../../records/sandbox-row.js'
import type { ApiContext } from '../api-context.js'
import { findSandbox } from './find-sandbox.js'

/** How a request that users and supervisors may send names a sandbox. */
export interface SandboxReference {
  readonly workspaceScope?: WorkspaceSelector | undefined
  readonly name: string
}

/**
 * The sandbox that a request names. A supervisor may name its own only, by its id too and with no scope or that of its sandbox, and
 * learns nothing of others.
 *
 * @throws StatusError PERMISSION_DENIED for a supervisor; for a user NOT_FOUND, INVALID_ARGUMENT for a missing scope, or with
 * `emptyText` for an empty name.
 */
export function ownSandbox(
  context: ApiContext,
  { workspaceScope, name }: SandboxReference,
  principal: Principal,
  emptyText = 'name is required',
): SandboxRow {
  if (principal.type === 'user') return findSandbox(context, workspaceScope, name, emptyText)
  const row = context.store.sandboxes.get(principal.sandboxId)
  if (row && (name === row.name || name === row.id) && isScopeOf(row, workspaceScope)) return row
  throw permissionDenied('sandbox not found or not owned by caller')
}

function isScopeOf({ workspace }: SandboxRow, scope: WorkspaceSelector | undefined): boolean {
  const selection = scope?.selection
  return selection?.case === undefined || (selection.case === 'workspace' && selection.value === workspace)
}
