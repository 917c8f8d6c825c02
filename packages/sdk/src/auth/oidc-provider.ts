import { OpenShellError } from '../errors.js'
import type { OidcAuth, TokenProvider } from './client-auth.js'
import { isExpiring, type OidcTokens } from './oidc-client.js'
import { requestTokens, type TokenAnswer } from './request-tokens.js'

/** Gives the tokens of option `auth: { type: 'oidc' }`, and keeps them in memory. */
export function createOidcProvider(auth: OidcAuth): TokenProvider {
  let refreshToken = auth.refreshToken
  let held: OidcTokens | undefined =
    auth.accessToken === undefined ? undefined : { accessToken: auth.accessToken, expiresAtMs: auth.expiresAtMs }
  return async ({ forceRefresh, signal }) => {
    if (held && !forceRefresh && !isExpiring(held, Date.now())) return held.accessToken
    if (refreshToken === undefined && auth.clientSecret === undefined) throw unrenewable(auth.issuer)
    const answer = await requestTokens(auth, refreshToken, signal)
    if (answer.type !== 'granted') throw failed(auth.issuer, answer)
    held = answer.tokens
    refreshToken = held.refreshToken ?? refreshToken
    return held.accessToken
  }
}

function unrenewable(issuer: string): OpenShellError {
  return new OpenShellError({
    kind: 'unauthenticated',
    message: `The token of ${issuer} has expired or was refused, and nothing can renew it.`,
    hint: 'Give option auth a refreshToken, or a clientSecret, or use type bearer with getToken.',
  })
}

function failed(issuer: string, answer: Exclude<TokenAnswer, { type: 'granted' }>): OpenShellError {
  return new OpenShellError({
    kind: 'unauthenticated',
    message:
      answer.type === 'invalid-grant'
        ? `The issuer ${issuer} does not accept the refresh token of option auth any more.`
        : `The issuer ${issuer} ${answer.problem}.`,
    hint: answer.type === 'invalid-grant' ? 'Log in again, and give the new refreshToken.' : undefined,
  })
}
