import type { ClientContext } from '../calls/client-context.js'
import { LIST_OPTIONS, type ListOptions } from '../calls/list-options.js'
import { listPages } from '../calls/list-pages.js'
import type { Pager } from '../calls/pager.js'
import { CHANGE_OPTIONS, type ChangeOptions } from '../calls/request-options.js'
import { checkOptions } from '../checks/check-options.js'
import { name, oneOf } from '../checks/option-shapes.js'
import { requireArguments, requireNames } from '../checks/require-arguments.js'
import type { DeleteResult } from '../model/delete-result.js'
import type { WorkspaceMemberInfo, WorkspaceRole } from '../model/workspace-info.js'

/** The members of one workspace. Changing them is for its administrators. */
export class WorkspaceMembers {
  readonly #context: ClientContext
  readonly #workspace: string

  /** @internal Comes from `client.workspaces.members(name)`. */
  constructor(context: ClientContext, workspace: string) {
    this.#context = context
    this.#workspace = workspace
  }

  /** Lets somebody in. `subject` is the name that the identity provider gives. Throws kind `already-exists` for a member. */
  async add(subject: string, role: WorkspaceRole, options: ChangeOptions = {}): Promise<WorkspaceMemberInfo> {
    const { signal, requestId } = checkOptions('members.add', options, CHANGE_OPTIONS)
    requireArguments('members.add', { subject: [subject, name], role: [role, oneOf('user', 'admin')] })
    const member = { workspace: this.#workspace, subject }
    return this.#context.gateway.mutate({ rpc: 'AddWorkspaceMember', signal, requestId }, (codec, call) =>
      codec.workspaces.addMember(member, role, call),
    )
  }

  /** Lists the members; the signal belongs to all of the reading. */
  list(options: ListOptions = {}): Pager<WorkspaceMemberInfo> {
    checkOptions('members.list', options, LIST_OPTIONS)
    return listPages(
      this.#context.gateway,
      { rpc: 'ListWorkspaceMembers' },
      options,
      (codec, page, call) => codec.workspaces.listMembers(this.#workspace, page, call),
      ({ subject }) => subject,
    )
  }

  /** Takes a member out; somebody who is none is a result, not an error. */
  async remove(subject: string, options: ChangeOptions = {}): Promise<DeleteResult> {
    const { signal, requestId } = checkOptions('members.remove', options, CHANGE_OPTIONS)
    requireNames('members.remove', { subject })
    const member = { workspace: this.#workspace, subject }
    return this.#context.gateway.mutate({ rpc: 'RemoveWorkspaceMember', signal, requestId }, (codec, call) =>
      codec.workspaces.removeMember(member, call),
    )
  }
}
