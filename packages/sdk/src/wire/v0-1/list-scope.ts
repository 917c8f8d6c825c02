import type { ListScope } from '../list-scope.js'
import { ALL_WORKSPACES, workspaceScope } from './workspace-scope.js'

/** Selects whose items a list gives. */
export function listScope(scope: ListScope): typeof ALL_WORKSPACES {
  return 'workspace' in scope ? workspaceScope(scope.workspace) : ALL_WORKSPACES
}
