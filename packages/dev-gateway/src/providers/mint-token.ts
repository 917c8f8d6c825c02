import { importPKCS8, SignJWT } from 'jose'
import { failedPrecondition, invalidArgument, unimplemented } from '../errors/status-error.js'
import type { Refresh } from '../records/refresh.js'

/** A credential that a token endpoint gave. */
export interface MintedToken {
  readonly accessToken: string
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number
  /** Present when the endpoint replaced the refresh token. */
  readonly refreshToken: string | undefined
}

const defaultLifetimeSeconds = 3_600
const requestTimeoutMs = 30_000
const answerLimitBytes = 65_536
const googleTokenUrl = 'https://oauth2.googleapis.com/token'

/**
 * Asks a token endpoint for a new credential. `nowMs` is the time from which its life counts.
 *
 * @throws StatusError when material is missing, the endpoint cannot be asked, or it refuses; never with a secret.
 */
export async function mintToken(refresh: Refresh, nowMs: number): Promise<MintedToken> {
  switch (refresh.strategy) {
    case 'oauth2_refresh_token':
      return request(refresh, nowMs, {
        grant_type: 'refresh_token',
        client_id: required(refresh, 'client_id'),
        refresh_token: required(refresh, 'refresh_token'),
        client_secret: refresh.material['client_secret'] ?? '',
        scope: refresh.scopes.join(' '),
      })
    case 'oauth2_client_credentials':
      return request(refresh, nowMs, {
        grant_type: 'client_credentials',
        client_id: required(refresh, 'client_id'),
        client_secret: required(refresh, 'client_secret'),
        scope: refresh.scopes.join(' '),
      })
    case 'google_service_account_jwt': {
      const withUrl = { ...refresh, tokenUrl: refresh.tokenUrl || googleTokenUrl }
      return request(withUrl, nowMs, {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: await googleAssertion(withUrl, nowMs),
      })
    }
    case 'aws_sts_assume_role':
      throw unimplemented('a development gateway does not call AWS STS; set the credentials with a provider update')
    case 'static':
    case 'external':
      throw failedPrecondition(`refresh strategy '${refresh.strategy}' cannot be minted by the gateway`)
  }
}

async function request(refresh: Refresh, nowMs: number, form: Readonly<Record<string, string>>): Promise<MintedToken> {
  const url = tokenUrl(refresh)
  const body = new URLSearchParams(Object.entries(form).filter(([, value]) => value !== ''))
  const answer = await post(url, body)
  const { access_token: accessToken, expires_in: expiresIn, refresh_token: refreshToken } = answer
  if (typeof accessToken !== 'string' || accessToken === '') {
    throw failedPrecondition(`the token endpoint ${url.origin} answered without an access_token`)
  }
  const longest = refresh.maxLifetimeSeconds || defaultLifetimeSeconds
  const lifetime = typeof expiresIn === 'number' && expiresIn > 0 ? Math.min(expiresIn, longest) : longest
  return {
    accessToken,
    expiresAtMs: nowMs + lifetime * 1000,
    refreshToken: typeof refreshToken === 'string' ? refreshToken : undefined,
  }
}

async function post(url: URL, body: URLSearchParams): Promise<Record<string, unknown>> {
  try {
    // Redirects are refused: a secret must not follow one to another place.
    const signal = AbortSignal.timeout(requestTimeoutMs)
    const response = await fetch(url, { method: 'POST', body, redirect: 'error', signal })
    const text = await readText(response, url)
    if (!response.ok) throw failedPrecondition(`the token endpoint ${url.origin} answered HTTP ${response.status}`)
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {}
  } catch (error) {
    if (error instanceof SyntaxError) throw failedPrecondition(`the answer of ${url.origin} is no JSON`)
    if (error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError')) {
      throw failedPrecondition(`the token endpoint ${url.origin} cannot be reached`)
    }
    throw error
  }
}

// Leaving the loop ends the answer, which may have no end of its own.
async function readText({ body }: Response, { origin }: URL): Promise<string> {
  const pieces: Uint8Array[] = []
  let sizeBytes = 0
  for await (const piece of body ?? []) {
    sizeBytes += piece.length
    if (sizeBytes > answerLimitBytes) throw failedPrecondition(`the answer of ${origin} is too long`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function tokenUrl({ tokenUrl: text, strategy }: Refresh): URL {
  if (text === '') throw failedPrecondition(`strategy '${strategy}' requires a token_url in the provider profile`)
  if (!URL.canParse(text)) throw failedPrecondition('the token_url of the provider profile is no URL')
  const url = new URL(text)
  const loopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback)) return url
  throw failedPrecondition('the token_url of the provider profile must use https, except on loopback')
}

async function googleAssertion(refresh: Refresh, nowMs: number): Promise<string> {
  const email = required(refresh, 'client_email')
  const privateKey = required(refresh, 'private_key')
  if (refresh.scopes.length === 0) {
    throw invalidArgument('google_service_account_jwt requires at least one scope')
  }
  const issuedAt = Math.floor(nowMs / 1000)
  const lifetime = Math.min(refresh.maxLifetimeSeconds || defaultLifetimeSeconds, defaultLifetimeSeconds)
  const subject = refresh.material['subject'] ?? refresh.material['sub']
  const key = await importPKCS8(privateKey, 'RS256').catch(() => {
    throw invalidArgument('google_service_account_jwt private_key must be RSA PEM')
  })
  const token = new SignJWT({ scope: refresh.scopes.join(' ') })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuer(email)
    .setAudience(refresh.tokenUrl)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetime)
  return (subject === undefined ? token : token.setSubject(subject)).sign(key)
}

function required({ material }: Refresh, name: string): string {
  const value = material[name]?.trim() ?? ''
  if (value === '') throw invalidArgument(`${name} material is required`)
  return value
}
