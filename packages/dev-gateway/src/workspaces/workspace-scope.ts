import { failedPrecondition, notFound } from '../errors/status-error.js'
import { defaultWorkspace, type WorkspaceStore } from '../store/workspace-store.js'

/**
 * The workspace that a request means; an empty name means `default`.
 *
 * @throws StatusError NOT_FOUND when there is none of that name.
 */
export function resolveWorkspace(workspaces: WorkspaceStore, requested: string): string {
  const name = requested === '' ? defaultWorkspace : requested
  if (!workspaces.get(name)) throw notFound(`workspace '${name}' not found`)
  return name
}

/** The same for requests that add something: a workspace that is being deleted takes nothing more. */
export function resolveOpenWorkspace(workspaces: WorkspaceStore, requested: string): string {
  const name = resolveWorkspace(workspaces, requested)
  if (workspaces.get(name)?.deletionAtMs !== undefined) {
    throw failedPrecondition(`workspace '${name}' is being deleted`)
  }
  return name
}
