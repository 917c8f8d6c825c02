import { invalidArgument, notFound } from '../../errors/status-error.js'
import type { SandboxRow } from '../../records/sandbox-row.js'
import { resolveWorkspace } from '../../workspaces/workspace-scope.js'
import type { ApiContext } from '../api-context.js'

/** Which sandbox a request means, by its name. */
export interface SandboxReference {
  readonly name: string
  /** Empty for `default`. */
  readonly workspace: string
}

/**
 * The sandbox that is meant.
 *
 * @throws StatusError NOT_FOUND without one, INVALID_ARGUMENT with `emptyText` for an empty name.
 */
export function findSandbox(
  { store }: ApiContext,
  { name, workspace }: SandboxReference,
  emptyText = 'name is required',
): SandboxRow {
  if (name === '') throw invalidArgument(emptyText)
  const row = store.sandboxes.find(resolveWorkspace(store.workspaces, workspace), name)
  if (!row) throw notFound('sandbox not found')
  return row
}
