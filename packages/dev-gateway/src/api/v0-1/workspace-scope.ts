import type { WorkspaceSelector } from '@openshell-ts/protocol/v0-1'
import { invalidArgument } from '../../errors/status-error.js'
import type { WorkspaceStore } from '../../store/workspace-store.js'
import { resolveOpenWorkspace, resolveWorkspace } from '../../workspaces/workspace-scope.js'

/**
 * The workspace that a request names: this line has no default.
 *
 * @throws StatusError INVALID_ARGUMENT when it names none, or all; NOT_FOUND when there is none of that name.
 */
export function scopeOf(workspaces: WorkspaceStore, selector: WorkspaceSelector | undefined): string {
  return resolveWorkspace(workspaces, namedWorkspace(selector))
}

/** The same for requests that add something: a workspace that is being deleted takes nothing more. */
export function openScopeOf(workspaces: WorkspaceStore, selector: WorkspaceSelector | undefined): string {
  return resolveOpenWorkspace(workspaces, namedWorkspace(selector))
}

/** The same for lists that may be of all workspaces, which is `undefined`. */
export function listScopeOf(workspaces: WorkspaceStore, selector: WorkspaceSelector | undefined): string | undefined {
  return selector?.selection.case === 'allWorkspaces' ? undefined : scopeOf(workspaces, selector)
}

function namedWorkspace(selector: WorkspaceSelector | undefined): string {
  const selection = selector?.selection
  if (selection?.case === undefined) throw invalidArgument('workspace_scope is required')
  if (selection.case === 'allWorkspaces') {
    throw invalidArgument('workspace_scope.all_workspaces is not supported by this request')
  }
  if (selection.value === '') throw invalidArgument('workspace_scope.workspace must not be empty')
  return selection.value
}
