import type { DescMethod, Message } from '@bufbuild/protobuf'
import type { Authenticator, CallCredentials, IdentifyWorkload } from './authenticator.js'
import { checkCaller, methodRule } from './method-rule.js'
import { localUser, type Principal } from './principal.js'
import type { WorkspaceAuthorizer } from './workspace-authorizer.js'

/** Lets calls in: before anything of them is decoded, and once more when it is known what they are about. */
export class CallGate {
  readonly #authenticator: Authenticator
  readonly #workspaces: WorkspaceAuthorizer
  readonly #identifyWorkload: IdentifyWorkload | undefined

  /** `identifyWorkload` judges the credentials of those who ask for their first token; without it only tokens count. */
  constructor(authenticator: Authenticator, workspaces: WorkspaceAuthorizer, identifyWorkload?: IdentifyWorkload) {
    this.#authenticator = authenticator
    this.#workspaces = workspaces
    this.#identifyWorkload = identifyWorkload
  }

  /** @throws StatusError UNAUTHENTICATED or PERMISSION_DENIED. */
  async enter(method: DescMethod, credentials: CallCredentials): Promise<Principal> {
    const rule = methodRule(method)
    if (rule.authMode === 'unauthenticated') return localUser
    const identifyWorkload = method.name === 'IssueSandboxToken' ? this.#identifyWorkload : undefined
    const principal = await this.#authenticator.identify({ ...credentials, identifyWorkload })
    checkCaller(rule, principal)
    return principal
  }

  /** Checks the first message. Throws a StatusError of PERMISSION_DENIED, or NOT_FOUND for what the caller may not see. */
  open(method: DescMethod, principal: Principal, message: Message): void {
    this.#workspaces.authorize(method, principal, message)
  }
}
