import { type OpenShell, WorkspacePhase } from '@openshell-ts/protocol/v0-0'
import { isPlatformAdmin } from '../../auth/method-rule.js'
import type { Principal } from '../../auth/principal.js'
import { checkLabels } from '../../checks/check-labels.js'
import { checkName } from '../../checks/check-name.js'
import { parseLabelSelector } from '../../checks/label-selector.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { alreadyExists, invalidArgument, notFound } from '../../server/status-error.js'
import type { WorkspaceRow } from '../../store/workspace-row.js'
import { deleteWorkspace } from '../../workspaces/delete-workspace.js'
import type { ApiContext } from '../api-context.js'
import { pageOf } from './page-of.js'

/** What a client can do with workspaces. */
export function workspaceHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { workspaces } = context.store
  return {
    createWorkspace: ({ name, labels }) => {
      if (name === '') throw invalidArgument('workspace name is required')
      checkName('workspace name', name)
      checkLabels(labels)
      const row = workspaces.insert(name, labels)
      if (!row) throw alreadyExists('workspace already exists')
      return { workspace: toWorkspace(row) }
    },
    getWorkspace: ({ name }) => {
      if (name === '') throw invalidArgument('name is required')
      const row = workspaces.get(name)
      if (!row) throw notFound('workspace not found')
      return { workspace: toWorkspace(row) }
    },
    listWorkspaces: (request, { principal }) => {
      const matches = parseLabelSelector(request.labelSelector)
      const rows = workspaces.list().filter((row) => matches(row.labels) && isVisible(context, principal, row))
      return { workspaces: pageOf(rows, request).map(toWorkspace) }
    },
    deleteWorkspace: async ({ name }) => {
      await deleteWorkspace(context, name)
      return { deleted: true }
    },
  }
}

function isVisible({ store }: ApiContext, principal: Principal, { name }: WorkspaceRow): boolean {
  if (principal.type === 'sandbox') return false
  return isPlatformAdmin(principal) || store.members.find(name, principal.subject) !== undefined
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
