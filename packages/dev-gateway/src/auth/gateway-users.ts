import { createHash } from 'node:crypto'
import { status } from '@grpc/grpc-js'
import { GatewayStartError } from '../errors/gateway-start-error.js'
import { StatusError } from '../errors/status-error.js'
import { everyScope, type UserPrincipal, userRole } from './principal.js'

/** A user with a fixed bearer token. */
export interface DevGatewayUser {
  /** What the user sends as `authorization: Bearer …`: visible ASCII, not empty, another one for each user. */
  readonly token: string
  /** Who it is; the `principal_subject` under which workspaces have it as a member. Not empty. */
  readonly subject: string
  /** What people read. @default the subject */
  readonly displayName?: string
  /** `openshell-admin` makes a platform administrator, who may do everything in each workspace. @default ['openshell-user'] */
  readonly roles?: readonly string[]
  /** What the token is good for, such as `sandbox:read`; `openshell:all` covers each scope. @default ['openshell:all'] */
  readonly scopes?: readonly string[]
  /** When the token expires, in milliseconds since 1970. Never when absent. */
  readonly expiresAtMs?: number
}

interface KnownUser {
  readonly principal: UserPrincipal
  readonly expiresAtMs: number
}

/** The users that a gateway knows by their tokens. */
export class GatewayUsers {
  readonly #now: () => number
  // By the hash of the token, so that finding one takes no longer the more of it is right.
  readonly #users = new Map<string, KnownUser>()

  /** @throws GatewayStartError for a token or subject that is empty, a token with other characters, and a token that two users have. */
  constructor(users: readonly DevGatewayUser[], now: () => number) {
    this.#now = now
    for (const user of users) this.#add(user)
  }

  /**
   * The user of a token; `undefined` for a token of nobody.
   *
   * @throws StatusError UNAUTHENTICATED when it has expired.
   */
  find(token: string): UserPrincipal | undefined {
    const user = this.#users.get(digest(token))
    if (user && user.expiresAtMs <= this.#now()) {
      throw new StatusError(status.UNAUTHENTICATED, 'invalid token: ExpiredSignature')
    }
    return user?.principal
  }

  #add(user: DevGatewayUser): void {
    if (user.subject === '') throw misuse('A user of the gateway has no subject; give it a name, such as ann.')
    const problem = tokenProblem(user.token, this.#users.has(digest(user.token)))
    if (problem !== undefined) throw misuse(`The token of user '${user.subject}' ${problem}.`)
    this.#users.set(digest(user.token), {
      principal: {
        type: 'user',
        subject: user.subject,
        displayName: user.displayName ?? user.subject,
        roles: [...(user.roles ?? [userRole])],
        scopes: [...(user.scopes ?? [everyScope])],
        identityProvider: 'static',
      },
      expiresAtMs: user.expiresAtMs ?? Number.POSITIVE_INFINITY,
    })
  }
}

function tokenProblem(token: string, taken: boolean): string | undefined {
  if (token === '') return 'is empty; write one, such as the output of openssl rand -hex 32'
  if (!/^[!-~]+$/.test(token)) return 'has other characters than visible ASCII; a header cannot carry it'
  return taken ? 'belongs to another user as well; give each user a token of its own' : undefined
}

function misuse(text: string): GatewayStartError {
  return new GatewayStartError('configuration', text)
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64')
}
