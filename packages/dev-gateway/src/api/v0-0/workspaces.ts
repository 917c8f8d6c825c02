import { type OpenShell, WorkspacePhase } from '@openshell-ts/protocol/v0-0'
import type { WorkspaceRow } from '../../records/workspace-row.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { deleteWorkspace } from '../../workspaces/delete-workspace.js'
import { createWorkspace, getWorkspace, visibleWorkspaces } from '../../workspaces/workspaces.js'
import type { ApiContext } from '../api-context.js'
import { pageOf } from './page-of.js'

/** What a client can do with workspaces. */
export function workspaceHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store } = context
  return {
    createWorkspace: ({ name, labels }) => ({ workspace: toWorkspace(createWorkspace(store, name, labels)) }),
    getWorkspace: ({ name }) => ({ workspace: toWorkspace(getWorkspace(store, name)) }),
    listWorkspaces: (request, { principal }) => ({
      workspaces: pageOf(visibleWorkspaces(store, principal, request.labelSelector), request).map(toWorkspace),
    }),
    deleteWorkspace: async ({ name }) => {
      await deleteWorkspace(context, name)
      return { deleted: true }
    },
  }
}

function toWorkspace(row: WorkspaceRow) {
  return {
    metadata: {
      id: row.id,
      name: row.name,
      createdAtMs: BigInt(row.createdAtMs),
      labels: row.labels,
      resourceVersion: BigInt(row.resourceVersion),
      ...(row.deletionAtMs !== undefined && { deletionTimestampMs: BigInt(row.deletionAtMs) }),
    },
    status: { phase: row.deletionAtMs === undefined ? WorkspacePhase.ACTIVE : WorkspacePhase.TERMINATING },
  }
}
