import type { Workspace, WorkspaceMember } from '@openshell-ts/protocol/v0-1'
import type { WorkspaceInfo, WorkspaceMemberInfo } from '../../model/workspace-info.js'
import { WORKSPACE_PHASES, WORKSPACE_ROLES, wordOf } from '../enum-words.js'
import { requiredPart } from '../required-part.js'
import type { WorkspaceCalls } from '../workspace-calls.js'
import { toDeletionOutcome } from './deletion-outcome.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { toRecordInfo } from './record-info.js'
import { workspaceScope } from './workspace-scope.js'

export function workspaceCalls(client: OpenShellServiceClient): WorkspaceCalls {
  return {
    async create({ name, labels }, call) {
      const request = { name, labels: { ...labels }, requestId: call.requestId ?? '' }
      const { workspace } = await client.createWorkspace(request, toCallOptions(call))
      return toWorkspaceInfo(workspace)
    },
    async get(name, call) {
      const { workspace } = await client.getWorkspace({ name }, toCallOptions(call))
      return toWorkspaceInfo(workspace)
    },
    async list(request, call) {
      const { workspaces, nextPageToken } = await client.listWorkspaces(request, toCallOptions(call))
      return { items: workspaces.map(toWorkspaceInfo), nextPageToken }
    },
    async delete(name, call) {
      const request = { name, allowMissing: true, requestId: call.requestId ?? '' }
      const { outcome } = await client.deleteWorkspace(request, toCallOptions(call))
      return { outcome: toDeletionOutcome(outcome) }
    },
    async addMember({ workspace, subject }, role, call) {
      const request = {
        workspaceScope: workspaceScope(workspace),
        principalSubject: subject,
        role: WORKSPACE_ROLES.indexOf(role),
        requestId: call.requestId ?? '',
      }
      const { member } = await client.addWorkspaceMember(request, toCallOptions(call))
      return toMemberInfo(requiredPart(member, 'member'))
    },
    async listMembers(workspace, page, call) {
      const request = { workspaceScope: workspaceScope(workspace), ...page }
      const { members, nextPageToken } = await client.listWorkspaceMembers(request, toCallOptions(call))
      return { items: members.map(toMemberInfo), nextPageToken }
    },
    async removeMember({ workspace, subject }, call) {
      const request = {
        workspaceScope: workspaceScope(workspace),
        principalSubject: subject,
        allowMissing: true,
        requestId: call.requestId ?? '',
      }
      const { outcome } = await client.removeWorkspaceMember(request, toCallOptions(call))
      return { outcome: toDeletionOutcome(outcome) }
    },
  }
}

function toWorkspaceInfo(workspace: Workspace | undefined): WorkspaceInfo {
  const { metadata, status } = requiredPart(workspace, 'workspace')
  const { workspace: _, ...record } = toRecordInfo(metadata)
  return { ...record, phase: wordOf(WORKSPACE_PHASES, status?.phase ?? 0) }
}

function toMemberInfo({ metadata, principalSubject, role }: WorkspaceMember): WorkspaceMemberInfo {
  return {
    subject: principalSubject,
    role: wordOf(WORKSPACE_ROLES, role),
    createdAt: toRecordInfo(metadata).createdAt,
  }
}
