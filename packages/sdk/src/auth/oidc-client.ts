/** Whom tokens come from, and for whom. */
export interface OidcClient {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret?: string | undefined
  readonly scopes?: readonly string[] | undefined
  readonly audience?: string | undefined
}

/** What an issuer gave. */
export interface OidcTokens {
  readonly accessToken: string
  /** What renews the token next time: the issuer's new one, else the one that was used; absent when there is none. */
  readonly refreshToken?: string | undefined
  /** Milliseconds since 1970; absent when the issuer did not say, and the token is taken for valid. */
  readonly expiresAtMs?: number | undefined
}

const RENEW_AHEAD_MS = 30_000

/** True when a token is to be renewed before it is sent: it has expired, or will within 30 seconds. */
export function isExpiring({ expiresAtMs }: Pick<OidcTokens, 'expiresAtMs'>, nowMs: number): boolean {
  return expiresAtMs !== undefined && nowMs + RENEW_AHEAD_MS >= expiresAtMs
}
