import type { DescMethod, Message } from '@bufbuild/protobuf'
import { notFound, permissionDenied } from '../errors/status-error.js'
import type { WorkspaceRole } from '../records/member.js'
import { defaultWorkspace } from '../store/workspace-store.js'
import { isPlatformAdmin, methodRule } from './method-rule.js'
import type { Principal } from './principal.js'
import { type RequestTarget, requestTargets } from './request-targets.js'

/** Where the workspaces of requests and the members of workspaces are looked up. */
export interface WorkspaceLookups {
  /** What a subject is in a workspace; `undefined` for those who are no members. */
  readonly roleIn: (workspace: string, subject: string) => WorkspaceRole | undefined
  readonly workspaceExists: (name: string) => boolean
  /** The workspace of a sandbox; `undefined` when there is no such sandbox. */
  readonly workspaceOfSandbox: (id: string) => string | undefined
  /** The sandbox of an SSH session; `undefined` when there is no such session. */
  readonly sandboxOfSshSession: (token: string) => string | undefined
}

/** Decides whether a user's role in the workspaces of a request is enough. */
export class WorkspaceAuthorizer {
  readonly #lookups: WorkspaceLookups

  constructor(lookups: WorkspaceLookups) {
    this.#lookups = lookups
  }

  /**
   * Checks the first message of a call. What does not exist passes: the handler has the text for it.
   *
   * @throws StatusError PERMISSION_DENIED for a workspace in which the user's role is too small, NOT_FOUND for a sandbox in a
   * workspace of others.
   */
  authorize(method: DescMethod, principal: Principal, message: Message): void {
    const { workspaceRole } = methodRule(method)
    if (workspaceRole === '' || principal.type === 'sandbox' || isPlatformAdmin(principal)) return
    for (const target of requestTargets(method.input, message)) {
      this.#authorizeTarget(target, workspaceRole, principal.subject)
    }
  }

  #authorizeTarget(target: RequestTarget, role: string, subject: string): void {
    switch (target.type) {
      case 'platform':
        // What the platform shares may be read by everybody; what is in all workspaces may not.
        if (role === 'user' && target.shared) return
        throw permissionDenied("this request requires the role 'platform_admin'")
      case 'workspace':
        this.#authorizeWorkspace(target.name === '' ? defaultWorkspace : target.name, role, subject)
        return
      case 'ssh-session':
        this.#authorizeSandbox(this.#lookups.sandboxOfSshSession(target.token) ?? '', role, subject)
        return
      case 'sandbox':
        this.#authorizeSandbox(target.id, role, subject)
    }
  }

  #authorizeWorkspace(workspace: string, role: string, subject: string): void {
    if (!this.#lookups.workspaceExists(workspace) || this.#isEnough(workspace, role, subject)) return
    throw permissionDenied(`this method requires the role '${role}' in workspace '${workspace}'`)
  }

  // Ids are no secrets, but whether one exists is nothing for those who may not see it.
  #authorizeSandbox(id: string, role: string, subject: string): void {
    const workspace = this.#lookups.workspaceOfSandbox(id)
    if (workspace === undefined) return
    if (this.#lookups.roleIn(workspace, subject) === undefined) throw notFound('sandbox not found')
    this.#authorizeWorkspace(workspace, role, subject)
  }

  #isEnough(workspace: string, role: string, subject: string): boolean {
    const actual = this.#lookups.roleIn(workspace, subject)
    return actual === 'admin' || (actual === 'user' && role === 'user')
  }
}
