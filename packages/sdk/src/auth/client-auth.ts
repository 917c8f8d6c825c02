import type { OidcTokens } from './oidc-client.js'

/** What a token is asked for with. */
export interface TokenRequest {
  /** True when the gateway has refused the token that was given last: a token from a cache is of no use then. */
  readonly forceRefresh: boolean
  /** Aborts when the client is closed: nobody waits for the token any more. */
  readonly signal: AbortSignal
}

/**
 * Gives the token for a call. It is asked before each call, so it keeps a token that is expensive to get; calls at the same time
 * share one question. Whatever it throws fails the call with kind `unauthenticated` before anything is sent.
 */
export type TokenProvider = (request: TokenRequest) => string | Promise<string>

/** A token that never changes, or what gives the present one. */
export type TokenOrigin =
  | { readonly token: string; readonly getToken?: never }
  | { readonly getToken: TokenProvider; readonly token?: never }

/** Sends no credential: for gateways that let everybody in. */
export interface NoAuth {
  readonly type: 'none'
}

/** The client certificate in `tls` is the credential. */
export interface MtlsAuth {
  readonly type: 'mtls'
}

/** `authorization: Bearer …` with every call; a client certificate may come with it. A token is visible ASCII. */
export type BearerAuth = { readonly type: 'bearer' } & TokenOrigin

/**
 * A bearer token of an OpenID Connect issuer, renewed before it expires and once when the gateway refuses it. Tokens stay in
 * memory, and go to `onTokens`; nothing is written. What is for the renewal is refused without `refreshToken` and `clientSecret`.
 */
export interface OidcAuth {
  readonly type: 'oidc'
  /** URL of the issuer: `https`, or `http` on this machine. */
  readonly issuer: string
  readonly clientId: string
  /** Secret of the client. Without a refresh token it gets tokens by itself (client credentials). */
  readonly clientSecret?: string
  /** The token to begin with; the first call gets one when absent. */
  readonly accessToken?: string
  /** When `accessToken` expires, in milliseconds since 1970; taken for valid when absent. Refused without `accessToken`. */
  readonly expiresAtMs?: number
  /** What renews the token. An issuer may replace it each time: then keep what `onTokens` gets, because this one is worth nothing. */
  readonly refreshToken?: string
  /** Scopes to ask for; those of the issuer's choice when absent. */
  readonly scopes?: readonly string[]
  /** Whom the token is for, where the issuer wants to know. */
  readonly audience?: string
  /**
   * Receives the tokens of each renewal, to be kept for the next process. Awaited before the new token is used: a call whose tokens it
   * fails to take fails with kind `configuration`, nothing is sent, and the next call hands the same tokens over again.
   */
  readonly onTokens?: (tokens: OidcTokens) => unknown
}

/**
 * The headers of an authenticating proxy in front of the gateway (Cloudflare Access): `cf-access-jwt-assertion` and the cookie
 * `CF_Authorization`, never `authorization`. A token holds characters that a cookie can carry.
 */
export type EdgeAuth = {
  readonly type: 'edge'
  /**
   * Carries the connection in a WebSocket at `/_ws_tunnel`, for a proxy that lets only GET requests through. From line 0.1 on the
   * operator of the gateway enables it. @default false
   */
  readonly tunnel?: boolean
} & TokenOrigin

/** Who the client says that it is. */
export type ClientAuth = NoAuth | MtlsAuth | BearerAuth | OidcAuth | EdgeAuth
