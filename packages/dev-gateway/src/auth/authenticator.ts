import { type DescMethod, getOption, hasOption } from '@bufbuild/protobuf'
import { type Metadata, status } from '@grpc/grpc-js'
import { authorization } from '@openshell-ts/protocol/v0-0'
import { permissionDenied, StatusError } from '../server/status-error.js'
import type { Principal } from './principal.js'
import type { SandboxTokens } from './sandbox-tokens.js'

/** How callers are told apart. */
export interface AuthenticatorOptions {
  /** Absent when the gateway issues no tokens: then every caller is a user, and a bearer token is not looked at. */
  readonly tokens: SandboxTokens | undefined
  /** Whether callers without a token are users. Has no effect without `tokens`. */
  readonly allowUnauthenticatedUsers: boolean
}

/** Decides who calls a method, and whether that kind of caller may. */
export class Authenticator {
  readonly #options: AuthenticatorOptions

  constructor(options: AuthenticatorOptions) {
    this.#options = options
  }

  /** @throws StatusError UNAUTHENTICATED for a bad or missing token, PERMISSION_DENIED for the wrong kind of caller. */
  async authenticate(method: DescMethod, metadata: Metadata): Promise<Principal> {
    const mode = hasOption(method, authorization) ? getOption(method, authorization).authMode : 'bearer'
    if (mode === 'unauthenticated') return { type: 'user' }
    const principal = await this.#identify(metadata)
    if (mode === 'sandbox' && principal.type === 'user') {
      throw permissionDenied('this method requires a sandbox principal')
    }
    if (mode === 'bearer' && principal.type === 'sandbox') {
      throw permissionDenied('sandbox principals may not call this method')
    }
    return principal
  }

  async #identify(metadata: Metadata): Promise<Principal> {
    const { tokens, allowUnauthenticatedUsers } = this.#options
    if (!tokens) return { type: 'user' }
    const token = bearerToken(metadata)
    if (token === undefined) {
      if (allowUnauthenticatedUsers) return { type: 'user' }
      throw new StatusError(status.UNAUTHENTICATED, 'missing authorization header')
    }
    const claims = await tokens.verify(token)
    if (claims) return { type: 'sandbox', ...claims }
    if (allowUnauthenticatedUsers) return { type: 'user' }
    throw new StatusError(status.UNAUTHENTICATED, 'invalid token')
  }
}

/** The caller's sandbox must be the one that its request is about. */
export function requireOwnSandbox(principal: Principal, sandboxId: string): void {
  if (principal.type === 'user' || principal.sandboxId === sandboxId) return
  throw permissionDenied('cross-sandbox access denied: principal does not own this sandbox')
}

function bearerToken(metadata: Metadata): string | undefined {
  const header = metadata.get('authorization')[0]
  return typeof header === 'string' && header.startsWith('Bearer ') ? header.slice('Bearer '.length) : undefined
}
