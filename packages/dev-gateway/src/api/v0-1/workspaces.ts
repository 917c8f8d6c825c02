import { DeletionOutcome, type OpenShell, WorkspacePhase } from '@openshell-ts/protocol/v0-1'
import type { WorkspaceRow } from '../../records/workspace-row.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { deleteWorkspace } from '../../workspaces/delete-workspace.js'
import { createWorkspace, getWorkspace, visibleWorkspaces } from '../../workspaces/workspaces.js'
import type { ApiContext } from '../api-context.js'
import { pageOf } from './page-of.js'
import { toTimestamp } from './to-timestamp.js'

/** What a client can do with workspaces. */
export function workspaceHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store } = context
  return {
    createWorkspace: ({ name, labels }) => ({ workspace: toWorkspace(createWorkspace(store, name, labels)) }),
    getWorkspace: ({ name }) => ({ workspace: toWorkspace(getWorkspace(store, name)) }),
    listWorkspaces: (request, { principal }) => {
      const { items, nextPageToken } = pageOf(
        visibleWorkspaces(store, principal, request.labelSelector),
        request,
        store,
      )
      return { workspaces: items.map(toWorkspace), nextPageToken }
    },
    deleteWorkspace: async ({ name, allowMissing }) => {
      if (allowMissing && name !== '' && !store.workspaces.get(name)) {
        return { outcome: DeletionOutcome.ALREADY_ABSENT }
      }
      await deleteWorkspace(context, name)
      return { outcome: DeletionOutcome.COMPLETED }
    },
  }
}

function toWorkspace(row: WorkspaceRow) {
  const createdTime = toTimestamp(row.createdAtMs)
  const deletionTime = toTimestamp(row.deletionAtMs ?? 0)
  return {
    metadata: {
      id: row.id,
      name: row.name,
      ...(createdTime && { createdTime }),
      labels: row.labels,
      resourceVersion: BigInt(row.resourceVersion),
      ...(deletionTime && { deletionTime }),
    },
    status: { phase: deletionTime ? WorkspacePhase.TERMINATING : WorkspacePhase.ACTIVE },
  }
}
