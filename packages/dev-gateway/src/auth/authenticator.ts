import { type Metadata, status } from '@grpc/grpc-js'
import { permissionDenied, StatusError } from '../errors/status-error.js'
import type { GatewayUsers } from './gateway-users.js'
import { localUser, type Principal, type SandboxPrincipal, type UserPrincipal } from './principal.js'
import type { SandboxTokens } from './sandbox-tokens.js'

/** How callers are told apart. */
export interface AuthenticatorOptions {
  /** Absent when the gateway issues no tokens. */
  readonly tokens: SandboxTokens | undefined
  /** Absent when no user has a token. */
  readonly users: GatewayUsers | undefined
  /** Whether the holder of a client certificate that the gateway has verified is a user. */
  readonly certificateUsers: boolean
  /** Whether callers without a credential are users. */
  readonly allowUnauthenticatedUsers: boolean
}

/** Says whose a workload's own credential is. */
export type IdentifyWorkload = (credential: string) => Promise<SandboxPrincipal>

/** What a caller shows. */
export interface CallCredentials {
  readonly metadata: Metadata
  /** Says whose a workload's own credential is, for a call that may be made with one; absent for all others. */
  readonly identifyWorkload?: IdentifyWorkload | undefined
  /** The name in the client certificate that the connection was verified with; absent without one. */
  readonly certificateName: () => string | undefined
}

/** Decides who calls. */
export class Authenticator {
  readonly #options: AuthenticatorOptions

  constructor(options: AuthenticatorOptions) {
    this.#options = options
  }

  /** @throws StatusError UNAUTHENTICATED for a bad or missing credential. */
  async identify(credentials: CallCredentials): Promise<Principal> {
    const { tokens, users } = this.#options
    const token = tokens || users ? bearerToken(credentials.metadata) : undefined
    if (token === undefined) return this.#withoutToken(credentials, 'missing authorization header')
    const user = users?.find(token)
    if (user) return user
    const { identifyWorkload } = credentials
    if (identifyWorkload && !tokens?.isOwn(token)) return identifyWorkload(token)
    const claims = await tokens?.verify(token)
    if (claims) return { type: 'sandbox', ...claims }
    // Where users have tokens, one that nobody has is a mistake; elsewhere it may be for whoever stands in front.
    if (users) throw unauthenticated('invalid token')
    return this.#withoutToken(credentials, 'invalid token')
  }

  #withoutToken({ certificateName }: CallCredentials, refusal: string): UserPrincipal {
    const { tokens, users, certificateUsers, allowUnauthenticatedUsers } = this.#options
    const name = certificateUsers ? certificateName() : undefined
    if (name !== undefined) return certificateUser(name)
    const nobodyToTell = !tokens && !users && !certificateUsers
    if (allowUnauthenticatedUsers || nobodyToTell) return localUser
    throw unauthenticated(refusal)
  }
}

/** The caller's sandbox must be the one that its request is about. */
export function requireOwnSandbox(principal: Principal, sandboxId: string): void {
  if (principal.type === 'user' || principal.sandboxId === sandboxId) return
  throw permissionDenied('cross-sandbox access denied: principal does not own this sandbox')
}

function certificateUser(name: string): UserPrincipal {
  return { ...localUser, subject: name, displayName: name, identityProvider: 'mtls' }
}

function bearerToken(metadata: Metadata): string | undefined {
  const header = metadata.get('authorization')[0]
  return typeof header === 'string' && header.startsWith('Bearer ') ? header.slice('Bearer '.length) : undefined
}

function unauthenticated(text: string): StatusError {
  return new StatusError(status.UNAUTHENTICATED, text)
}
