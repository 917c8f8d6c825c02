import type { MessageInitShape } from '@bufbuild/protobuf'
import type { WorkspaceSelectorSchema } from '@openshell-ts/protocol/v0-1'

/** Selects one workspace. Every scoped call of line 0.1 needs it, also for `default`. */
export function workspaceScope(workspace: string): MessageInitShape<typeof WorkspaceSelectorSchema> {
  return { selection: { case: 'workspace', value: workspace } }
}

/** Selects all workspaces, which a few lists take. */
export const ALL_WORKSPACES: MessageInitShape<typeof WorkspaceSelectorSchema> = {
  selection: { case: 'allWorkspaces', value: {} },
}
