import type { WorkspaceSelector } from '@openshell-ts/protocol/v0-1'
import { invalidArgument, notFound } from '../../errors/status-error.js'
import type { SandboxRow } from '../../records/sandbox-row.js'
import type { ApiContext } from '../api-context.js'
import { scopeOf } from './workspace-scope.js'

/**
 * The sandbox with a name in a workspace.
 *
 * @throws StatusError NOT_FOUND without one, INVALID_ARGUMENT for a missing scope, or with `emptyText` for an empty name.
 */
export function findSandbox(
  context: ApiContext,
  selector: WorkspaceSelector | undefined,
  name: string,
  emptyText = 'name is required',
): SandboxRow {
  const row = lookUpSandbox(context, selector, name, emptyText)
  if (!row) throw notFound('sandbox not found')
  return row
}

/** The same for requests to which a sandbox that is not there is no error. */
export function lookUpSandbox(
  { store }: ApiContext,
  selector: WorkspaceSelector | undefined,
  name: string,
  emptyText = 'name is required',
): SandboxRow | undefined {
  if (name === '') throw invalidArgument(emptyText)
  return store.sandboxes.find(scopeOf(store.workspaces, selector), name)
}
