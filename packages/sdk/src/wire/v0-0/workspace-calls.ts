import type { Workspace, WorkspaceMember } from '@openshell-ts/protocol/v0-0'
import type { WorkspaceInfo, WorkspaceMemberInfo } from '../../model/workspace-info.js'
import { WORKSPACE_PHASES, WORKSPACE_ROLES, wordOf } from '../enum-words.js'
import { requiredPart } from '../required-part.js'
import type { WorkspaceCalls } from '../workspace-calls.js'
import { toOffset, toPage } from './offset-page.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { toRecordInfo } from './record-info.js'

export function workspaceCalls(client: OpenShellServiceClient): WorkspaceCalls {
  return {
    async create({ name, labels }, call) {
      const { workspace } = await client.createWorkspace({ name, labels }, toCallOptions(call))
      return toWorkspaceInfo(workspace)
    },
    async get(name, call) {
      const { workspace } = await client.getWorkspace({ name }, toCallOptions(call))
      return toWorkspaceInfo(workspace)
    },
    async list({ labelSelector, ...page }, call) {
      const { workspaces } = await client.listWorkspaces({ labelSelector, ...toOffset(page) }, toCallOptions(call))
      return toPage(workspaces, page, toWorkspaceInfo)
    },
    async delete(name, call) {
      const { deleted } = await client.deleteWorkspace({ name }, toCallOptions(call))
      return { outcome: deleted ? 'completed' : 'absent' }
    },
    async addMember({ workspace, subject }, role, call) {
      const request = { workspace, principalSubject: subject, role: WORKSPACE_ROLES.indexOf(role) }
      const { member } = await client.addWorkspaceMember(request, toCallOptions(call))
      return toMemberInfo(requiredPart(member, 'member'))
    },
    async listMembers(workspace, page, call) {
      const request = { workspace, ...toOffset(page) }
      const { members } = await client.listWorkspaceMembers(request, toCallOptions(call))
      return toPage(members, page, toMemberInfo)
    },
    async removeMember({ workspace, subject }, call) {
      const request = { workspace, principalSubject: subject }
      const { removed } = await client.removeWorkspaceMember(request, toCallOptions(call))
      return { outcome: removed ? 'completed' : 'absent' }
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
