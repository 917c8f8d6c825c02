import type { AuthorizationServer, Client, ClientAuth } from 'oauth4webapi'
import { IssuerUnreachable, isConfidential, issuerFetch } from './issuer-fetch.js'
import type { OidcClient, OidcTokens } from './oidc-client.js'

/**
 * What came of asking for tokens. `invalid-grant` means that the refresh token is not good any more; `problem` is half a sentence
 * that begins after the issuer and never holds what it sent.
 */
export type TokenAnswer =
  | { readonly type: 'granted'; readonly tokens: OidcTokens }
  | { readonly type: 'invalid-grant' }
  | { readonly type: 'failed'; readonly problem: string }

const CLOCK_TOLERANCE_SECONDS = 60

/** Asks the issuer for tokens: with the refresh token where there is one, else with the client's own secret. */
export async function requestTokens(
  client: OidcClient,
  refreshToken: string | undefined,
  signal: AbortSignal,
): Promise<TokenAnswer> {
  const oauth = await import('oauth4webapi')
  const issuer = URL.canParse(client.issuer) ? new URL(client.issuer) : undefined
  if (!issuer || !isConfidential(issuer)) return { type: 'failed', problem: 'is no https URL' }
  const options = {
    signal,
    [oauth.customFetch]: issuerFetch,
    [oauth.allowInsecureRequests]: issuer.protocol === 'http:',
  }
  try {
    const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options))
    const party: Client = { client_id: client.clientId, [oauth.clockTolerance]: CLOCK_TOLERANCE_SECONDS }
    const secret = client.clientSecret
    const proof = secret === undefined ? oauth.None() : proofOf(server, secret, oauth)
    const scope: Record<string, string> = client.scopes?.length ? { scope: client.scopes.join(' ') } : {}
    if (refreshToken !== undefined) {
      const response = await oauth.refreshTokenGrantRequest(server, party, proof, refreshToken, {
        ...options,
        additionalParameters: scope,
      })
      return granted(await oauth.processRefreshTokenResponse(server, party, response))
    }
    const audience: Record<string, string> = client.audience === undefined ? {} : { audience: client.audience }
    const response = await oauth.clientCredentialsGrantRequest(server, party, proof, { ...scope, ...audience }, options)
    return granted(await oauth.processClientCredentialsResponse(server, party, response))
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError) return refusedBy(error.error)
    return { type: 'failed', problem: problemOf(error, oauth.JSON_ATTRIBUTE_COMPARISON) }
  }
}

function proofOf(server: AuthorizationServer, secret: string, oauth: typeof import('oauth4webapi')): ClientAuth {
  const methods = server.token_endpoint_auth_methods_supported
  return methods && !methods.includes('client_secret_basic')
    ? oauth.ClientSecretPost(secret)
    : oauth.ClientSecretBasic(secret)
}

interface TokenEndpointAnswer {
  readonly access_token: string
  readonly refresh_token?: string
  readonly expires_in?: number
}

function granted({ access_token, refresh_token, expires_in }: TokenEndpointAnswer): TokenAnswer {
  return {
    type: 'granted',
    tokens: {
      accessToken: access_token,
      refreshToken: refresh_token,
      expiresAtMs: expires_in === undefined ? undefined : Date.now() + expires_in * 1_000,
    },
  }
}

function refusedBy(code: string): TokenAnswer {
  if (code === 'invalid_grant') return { type: 'invalid-grant' }
  // The code is the issuer's text: only what looks like a code is repeated.
  const shown = /^[a-z_]{1,64}$/.test(code) ? code : 'an error'
  return { type: 'failed', problem: `answered ${shown}` }
}

// The library's errors hold the whole answer, tokens included; only their codes leave this file.
function problemOf(error: unknown, otherIssuer: string): string {
  if (error instanceof IssuerUnreachable) return error.message
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === otherIssuer) return 'calls itself by another name in its discovery document'
  return `gave an answer that cannot be used (${typeof code === 'string' ? code : 'unknown'})`
}
