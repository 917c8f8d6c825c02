import type { MessageInitShape } from '@bufbuild/protobuf'
import { type OpenShell, type WorkspaceMemberSchema, WorkspaceRole } from '@openshell-ts/protocol/v0-0'
import type { MemberRecord } from '../../records/member.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { addMember, removeMember } from '../../workspaces/members.js'
import { resolveOpenWorkspace, resolveWorkspace } from '../../workspaces/workspace-scope.js'
import type { ApiContext } from '../api-context.js'
import { pageOf } from './page-of.js'
import { toMetadata } from './to-metadata.js'

/** What a client can do with the members of a workspace. This gateway keeps them; it lets no user account in. */
export function workspaceMemberHandlers({ store }: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    addWorkspaceMember: ({ workspace, principalSubject, role }) => {
      const scope = resolveOpenWorkspace(store.workspaces, workspace)
      return { member: toMember(addMember(store, scope, principalSubject, roles[role])) }
    },
    removeWorkspaceMember: ({ workspace, principalSubject }) => ({
      removed: removeMember(store, resolveWorkspace(store.workspaces, workspace), principalSubject),
    }),
    listWorkspaceMembers: (request) => {
      const records = store.members.list(resolveWorkspace(store.workspaces, request.workspace))
      return { members: pageOf(records, request).map(toMember) }
    },
  }
}

const roles = {
  [WorkspaceRole.UNSPECIFIED]: undefined,
  [WorkspaceRole.USER]: 'user',
  [WorkspaceRole.ADMIN]: 'admin',
} as const

function toMember(record: MemberRecord): MessageInitShape<typeof WorkspaceMemberSchema> {
  return {
    metadata: toMetadata(record),
    principalSubject: record.name,
    role: record.value.role === 'admin' ? WorkspaceRole.ADMIN : WorkspaceRole.USER,
  }
}
