import { isPlatformAdmin } from '../auth/method-rule.js'
import type { Principal } from '../auth/principal.js'
import { checkLabels } from '../checks/check-labels.js'
import { checkName } from '../checks/check-name.js'
import { parseLabelSelector } from '../checks/label-selector.js'
import { alreadyExists, invalidArgument, notFound } from '../errors/status-error.js'
import type { WorkspaceRow } from '../records/workspace-row.js'
import type { GatewayStore } from '../store/gateway-store.js'

/** Creates a workspace. Throws INVALID_ARGUMENT for a bad name or label, ALREADY_EXISTS for a taken name. */
export function createWorkspace(
  { workspaces }: GatewayStore,
  name: string,
  labels: Readonly<Record<string, string>>,
): WorkspaceRow {
  if (name === '') throw invalidArgument('workspace name is required')
  checkName('workspace name', name)
  checkLabels(labels)
  const row = workspaces.insert(name, labels)
  if (!row) throw alreadyExists('workspace already exists')
  return row
}

/** The workspace with this name. Throws INVALID_ARGUMENT for an empty name, NOT_FOUND without one. */
export function getWorkspace({ workspaces }: GatewayStore, name: string): WorkspaceRow {
  if (name === '') throw invalidArgument('name is required')
  const row = workspaces.get(name)
  if (!row) throw notFound('workspace not found')
  return row
}

/** The workspaces that a caller may see and that a label selector picks, oldest first. */
export function visibleWorkspaces(store: GatewayStore, principal: Principal, labelSelector: string): WorkspaceRow[] {
  const matches = parseLabelSelector(labelSelector)
  return store.workspaces.list().filter((row) => matches(row.labels) && isVisible(store, principal, row))
}

function isVisible({ members }: GatewayStore, principal: Principal, { name }: WorkspaceRow): boolean {
  if (principal.type === 'sandbox') return false
  return isPlatformAdmin(principal) || members.find(name, principal.subject) !== undefined
}
