import type { MessageInitShape } from '@bufbuild/protobuf'
import { type OpenShell, type WorkspaceMemberSchema, WorkspaceRole } from '@openshell-ts/protocol/v0-1'
import type { MemberRecord } from '../../records/member.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { addMember, removeMember } from '../../workspaces/members.js'
import type { ApiContext } from '../api-context.js'
import { deletionOutcome } from './deletion.js'
import { pageOf } from './page-of.js'
import { toMetadata } from './to-metadata.js'
import { openScopeOf, scopeOf } from './workspace-scope.js'

/** What a client can do with the members of a workspace. */
export function workspaceMemberHandlers({ store }: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    addWorkspaceMember: ({ workspaceScope, principalSubject, role }) => {
      const scope = openScopeOf(store.workspaces, workspaceScope)
      return { member: toMember(addMember(store, scope, principalSubject, roles[role])) }
    },
    removeWorkspaceMember: ({ workspaceScope, principalSubject, allowMissing }) => {
      const removed = removeMember(store, scopeOf(store.workspaces, workspaceScope), principalSubject)
      return { outcome: deletionOutcome(removed, allowMissing, 'member not found') }
    },
    listWorkspaceMembers: (request) => {
      const records = store.members.list(scopeOf(store.workspaces, request.workspaceScope))
      const { items, nextPageToken } = pageOf(records, request, store)
      return { members: items.map(toMember), nextPageToken }
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
