import type { DeleteResult } from '../model/delete-result.js'
import type { WorkspaceInfo, WorkspaceMemberInfo, WorkspaceRole } from '../model/workspace-info.js'
import type { PageReply, PageRequest } from './page.js'
import type { WireCall } from './wire-call.js'

/** A workspace to create. */
export interface WorkspaceCreateRequest {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
}

/** Which workspaces to list. */
export interface WorkspaceListRequest extends PageRequest {
  readonly labelSelector: string
}

/** A member of a workspace, by its subject. */
export interface MemberAddress {
  readonly workspace: string
  readonly subject: string
}

/** What a client says about workspaces and their members. */
export interface WorkspaceCalls {
  create(request: WorkspaceCreateRequest, call: WireCall): Promise<WorkspaceInfo>
  get(name: string, call: WireCall): Promise<WorkspaceInfo>
  list(request: WorkspaceListRequest, call: WireCall): Promise<PageReply<WorkspaceInfo>>
  delete(name: string, call: WireCall): Promise<DeleteResult>
  addMember(member: MemberAddress, role: WorkspaceRole, call: WireCall): Promise<WorkspaceMemberInfo>
  listMembers(workspace: string, page: PageRequest, call: WireCall): Promise<PageReply<WorkspaceMemberInfo>>
  removeMember(member: MemberAddress, call: WireCall): Promise<DeleteResult>
}
