import { bearerCarrier, edgeCarrier, tokenProblem } from '../auth/carrier.js'
import type { ClientAuth, OidcAuth } from '../auth/client-auth.js'
import { isConfidential } from '../auth/issuer-fetch.js'
import { violation } from '../checks/check-text.js'
import { texts } from '../checks/option-shapes.js'
import { unknownKeys } from '../checks/refuse-unknown-options.js'
import type { Violation } from '../errors/openshell-error.js'
import type { Endpoint } from '../transport/endpoint.js'
import type { TlsOptions } from '../transport/tls-options.js'

const ORIGIN = ['token', 'getToken'] as const
const KEYS = {
  none: [],
  mtls: [],
  bearer: ORIGIN,
  edge: [...ORIGIN, 'tunnel'],
  oidc: [
    'issuer',
    'clientId',
    'clientSecret',
    'accessToken',
    'expiresAtMs',
    'refreshToken',
    'scopes',
    'audience',
    'onTokens',
  ],
} as const satisfies { readonly [T in ClientAuth['type']]: readonly KeyOf<Extract<ClientAuth, { type: T }>>[] }

type KeyOf<T> = T extends unknown ? keyof T : never

/** The connection that a credential goes over. */
export interface AuthConnection {
  readonly endpoint: Endpoint
  readonly tls: TlsOptions
  readonly allowInsecureAuth: boolean
}

/** What is wrong about the credentials of a connection. A violation never holds a part of one. */
export function checkAuth(auth: ClientAuth, connection: AuthConnection): Violation[] {
  return [...checkKind(auth, connection), ...checkKeys(auth), ...checkSecrecy(auth, connection)]
}

function checkKind(auth: ClientAuth, { endpoint, tls }: AuthConnection): Violation[] {
  switch (auth?.type) {
    case 'none':
      return []
    case 'mtls':
      return endpoint.secure && tls.cert !== undefined
        ? []
        : [violation('auth', 'REQUIRED', 'type mtls needs an https endpoint, and tls.cert with tls.key')]
    case 'bearer':
      return checkOrigin(auth.token, auth.getToken, bearerCarrier)
    case 'edge':
      return [...checkOrigin(auth.token, auth.getToken, edgeCarrier), ...checkTunnel(auth.tunnel, endpoint)]
    case 'oidc':
      return checkOidc(auth)
    default:
      return [violation('auth', 'NOT_ALLOWED', "write { type: 'none' }, or type mtls, bearer, oidc or edge")]
  }
}

// What belongs to another type has no effect, such as a tunnel beside a bearer token.
function checkKeys(auth: ClientAuth): Violation[] {
  return Object.hasOwn(KEYS, auth.type) ? unknownKeys(auth, ['type', ...KEYS[auth.type]], 'auth.') : []
}

function checkOrigin(token: unknown, getToken: unknown, carrier: typeof bearerCarrier): Violation[] {
  if ((token === undefined) === (getToken === undefined)) {
    return [violation('auth', 'REQUIRED', `type ${carrier.type} needs either token or getToken`)]
  }
  if (getToken !== undefined) {
    return typeof getToken === 'function' ? [] : [violation('auth.getToken', 'TYPE_MISMATCH', 'must be a function')]
  }
  const problem = tokenProblem(token, carrier)
  return problem === undefined ? [] : [violation('auth.token', 'BAD_TOKEN', problem)]
}

function checkTunnel(tunnel: unknown, { target, secure, local }: Endpoint): Violation[] {
  if (tunnel === undefined || tunnel === false) return []
  if (tunnel !== true) return [violation('auth.tunnel', 'TYPE_MISMATCH', 'must be true or false')]
  if (target.type === 'unix') return [violation('auth.tunnel', 'NOT_ALLOWED', 'there is none to a Unix socket')]
  return secure || local
    ? []
    : [violation('auth.tunnel', 'NOT_ALLOWED', 'must be encrypted: write the endpoint with https')]
}

function checkOidc(auth: OidcAuth): Violation[] {
  const { issuer, clientId, accessToken, refreshToken, clientSecret, onTokens } = auth
  const confidential = typeof issuer === 'string' && URL.canParse(issuer) && isConfidential(new URL(issuer))
  const problem = accessToken === undefined ? undefined : tokenProblem(accessToken, bearerCarrier)
  const source = accessToken ?? refreshToken ?? clientSecret
  return [
    ...(confidential ? [] : [violation('auth.issuer', 'BAD_URL', 'must be an https URL, or http on this machine')]),
    ...(typeof clientId === 'string' && clientId !== '' ? [] : [violation('auth.clientId', 'REQUIRED', 'is missing')]),
    ...(problem === undefined ? [] : [violation('auth.accessToken', 'BAD_TOKEN', problem)]),
    ...(source === undefined
      ? [violation('auth', 'REQUIRED', 'type oidc needs a refreshToken, a clientSecret or an accessToken')]
      : []),
    ...Object.entries({ clientSecret, refreshToken, audience: auth.audience }).flatMap(([name, value]) =>
      value === undefined || (typeof value === 'string' && value !== '')
        ? []
        : [violation(`auth.${name}`, 'TYPE_MISMATCH', 'must be a text that is not empty')],
    ),
    ...(auth.scopes === undefined || texts.fits(auth.scopes)
      ? []
      : [violation('auth.scopes', 'TYPE_MISMATCH', `must ${texts.must}`)]),
    ...(auth.expiresAtMs === undefined || Number.isFinite(auth.expiresAtMs)
      ? []
      : [violation('auth.expiresAtMs', 'TYPE_MISMATCH', 'must be a number of milliseconds since 1970')]),
    ...(onTokens === undefined || typeof onTokens === 'function'
      ? []
      : [violation('auth.onTokens', 'TYPE_MISMATCH', 'must be a function')]),
    ...(accessToken === undefined ? checkUnused(auth, ['expiresAtMs'], 'accessToken') : []),
    ...(accessToken !== undefined && refreshToken === undefined && clientSecret === undefined
      ? checkUnused(auth, ['scopes', 'audience', 'onTokens'], 'a refreshToken or clientSecret, which renew the token')
      : []),
  ]
}

function checkUnused(auth: OidcAuth, names: readonly (keyof OidcAuth)[], needs: string): Violation[] {
  return names
    .filter((name) => auth[name] !== undefined)
    .map((name) => violation(`auth.${name}`, 'CONFLICT', `has no effect without ${needs}`))
}

function checkSecrecy(auth: ClientAuth, { endpoint, allowInsecureAuth }: AuthConnection): Violation[] {
  const sendsToken = auth?.type === 'bearer' || auth?.type === 'oidc' || auth?.type === 'edge'
  if (!sendsToken || endpoint.secure || endpoint.local || allowInsecureAuth) return []
  const advice = 'write the endpoint with https, or set allowInsecureAuth: true when the network is trusted'
  return [violation('auth', 'NOT_ALLOWED', `the token would be sent over the network without encryption; ${advice}`)]
}
