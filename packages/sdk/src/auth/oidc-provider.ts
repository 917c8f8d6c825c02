import { OpenShellError } from '../errors/openshell-error.js'
import type { OidcAuth, TokenProvider, TokenRequest } from './client-auth.js'
import { isExpiring, type OidcTokens } from './oidc-client.js'
import { requestTokens, type TokenAnswer } from './request-tokens.js'

/** Gives the tokens of option `auth: { type: 'oidc' }`, keeps them in memory, and hands new ones on before they are used. */
export function createOidcProvider(auth: OidcAuth): TokenProvider {
  const tokens = new HeldTokens(auth)
  let last: Promise<unknown> = Promise.resolve()
  // One after the other: an issuer may take a refresh token once only, and a second use for theft.
  return (request) => {
    const answer = last.then(() => tokens.give(request))
    last = answer.catch(() => undefined)
    return answer
  }
}

class HeldTokens {
  readonly #auth: OidcAuth
  #held: OidcTokens | undefined
  #refreshToken: string | undefined
  /** Whether `onTokens` has yet to take what is held; then no call was sent with it. */
  #isUntold = false

  constructor(auth: OidcAuth) {
    const { accessToken, expiresAtMs, refreshToken } = auth
    this.#auth = auth
    this.#held = accessToken === undefined ? undefined : { accessToken, expiresAtMs }
    this.#refreshToken = refreshToken
  }

  async give({ forceRefresh, signal }: TokenRequest): Promise<string> {
    const held = this.#held
    const isRefused = forceRefresh && !this.#isUntold
    const tokens = held && !isRefused && !isExpiring(held, Date.now()) ? held : await this.#renew(signal)
    if (this.#isUntold) await this.#tell(tokens)
    return tokens.accessToken
  }

  async #renew(signal: AbortSignal): Promise<OidcTokens> {
    const { issuer, clientSecret } = this.#auth
    if (this.#refreshToken === undefined && clientSecret === undefined) throw unrenewable(issuer)
    const answer = await requestTokens(this.#auth, this.#refreshToken, signal)
    if (answer.type !== 'granted') throw failed(issuer, answer)
    this.#refreshToken = answer.tokens.refreshToken ?? this.#refreshToken
    this.#held = { ...answer.tokens, refreshToken: this.#refreshToken }
    this.#isUntold = true
    return this.#held
  }

  async #tell(tokens: OidcTokens): Promise<void> {
    try {
      await this.#auth.onTokens?.({ ...tokens })
    } catch (cause) {
      throw new OpenShellError({
        kind: 'configuration',
        message: 'onTokens of option auth failed, so that the new tokens are not kept. Nothing was sent.',
        hint: 'The next call hands the same tokens over again; until then they are in the memory of this client alone.',
        cause,
      })
    }
    this.#isUntold = false
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
