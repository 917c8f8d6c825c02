/** A person or program that uses the API. */
export interface UserPrincipal {
  readonly type: 'user'
  /** Who it is; the name under which workspaces keep it as a member. */
  readonly subject: string
  readonly displayName: string
  /** `openshell-user`, and `openshell-admin` for those who administer the whole platform. */
  readonly roles: readonly string[]
  /** What its credential is good for; `openshell:all` covers each scope. */
  readonly scopes: readonly string[]
  /** What vouches for it. */
  readonly identityProvider: string
}

/** The supervisor of one sandbox. */
export interface SandboxPrincipal {
  readonly type: 'sandbox'
  readonly sandboxId: string
  readonly expiresAtSeconds: number
  /** The backend's object by which the compute driver vouches for it; absent for one that has shown a token. */
  readonly runtimeIdentity?: string
}

/** Who calls. */
export type Principal = UserPrincipal | SandboxPrincipal

/** The role of platform administrators. */
export const adminRole = 'openshell-admin'
/** The role of everybody else. */
export const userRole = 'openshell-user'
/** The scope that covers each scope. */
export const everyScope = 'openshell:all'

/** Who calls without a credential, where that is allowed. */
export const localUser: UserPrincipal = {
  type: 'user',
  subject: 'unauthenticated-local-dev',
  displayName: 'Unauthenticated Local Dev',
  roles: [userRole, adminRole],
  scopes: [everyScope],
  identityProvider: 'local_dev',
}
