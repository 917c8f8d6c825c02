import { Metadata, status } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { Authenticator, type AuthenticatorOptions } from './authenticator.js'
import { GatewayUsers } from './gateway-users.js'
import { SandboxTokens } from './sandbox-tokens.js'
import { generateSigningKeys } from './signing-keys.js'

const now = () => 1_700_000_000_000
const tokensOf = (gatewayId: string) =>
  new SandboxTokens({ keys: generateSigningKeys(), gatewayId, lifetimeSeconds: 0, now })
const tokens = tokensOf('lab')
const users = new GatewayUsers(
  [
    { token: 'for-ann', subject: 'ann', displayName: 'Ann', roles: ['openshell-admin'], scopes: ['sandbox:read'] },
    { token: 'until-now', subject: 'bob', expiresAtMs: now() },
    { token: 'a-little-longer', subject: 'carl', expiresAtMs: now() + 1 },
  ],
  now,
)
const [ownToken, foreignToken] = await Promise.all([tokens.mint('box'), tokensOf('lab').mint('box')])

const closed = { tokens, users: undefined, certificateUsers: false, allowUnauthenticatedUsers: false }
const withUsers = { ...closed, users }
const open = { ...closed, allowUnauthenticatedUsers: true }
const mutual = { ...closed, certificateUsers: true }
const nothing = { ...closed, tokens: undefined }

type Row = [
  name: string,
  options: AuthenticatorOptions,
  header: string | undefined,
  certificate: string,
  answer: string,
]

test.each<Row>([
  ['nothing to show, nothing allowed', closed, undefined, '', 'missing authorization header'],
  ['nothing to show, but users are let in', open, undefined, '', 'unauthenticated-local-dev'],
  ['nothing to show and nobody to tell apart', nothing, undefined, '', 'unauthenticated-local-dev'],
  ['a token that nobody looks at', nothing, 'Bearer x', '', 'unauthenticated-local-dev'],
  ['another scheme', withUsers, 'Basic for-ann', '', 'missing authorization header'],
  ['another case of the scheme', withUsers, 'bearer for-ann', '', 'missing authorization header'],
  ['an empty token', withUsers, 'Bearer ', '', 'invalid token'],
  ['a token of a user', withUsers, 'Bearer for-ann', '', 'ann'],
  ['a token with a space more', withUsers, 'Bearer  for-ann', '', 'invalid token'],
  ['an expired token', withUsers, 'Bearer until-now', '', 'invalid token: ExpiredSignature'],
  ['a token in its last moment', withUsers, 'Bearer a-little-longer', '', 'carl'],
  ['a token of nobody', withUsers, 'Bearer nobody', '', 'invalid token'],
  ['a token of nobody where others need none', { ...open, users }, 'Bearer nobody', '', 'invalid token'],
  ['a token of a sandbox beside users', withUsers, `Bearer ${ownToken}`, '', 'sandbox box'],
  ['a token of another gateway', closed, `Bearer ${foreignToken}`, '', 'invalid token'],
  ['a token of another gateway beside users', withUsers, `Bearer ${foreignToken}`, '', 'invalid token'],
  ['a token of another gateway, but users are let in', open, `Bearer ${foreignToken}`, '', 'unauthenticated-local-dev'],
  ['a certificate', mutual, undefined, 'cli', 'cli'],
  ['a certificate that makes no user', closed, undefined, 'cli', 'missing authorization header'],
  ['a certificate and a token of a sandbox', mutual, `Bearer ${ownToken}`, 'cli', 'sandbox box'],
  ['a certificate and a token of another gateway', mutual, `Bearer ${foreignToken}`, 'cli', 'cli'],
  ['a certificate and a bad token', mutual, 'Bearer nonsense', 'cli', 'invalid token'],
])('%s', async (_name, options, header, certificate, expected) => {
  const metadata = new Metadata()
  if (header !== undefined) metadata.set('authorization', header)
  const certificateName = () => (certificate === '' ? undefined : certificate)
  const answer = await new Authenticator(options).identify({ metadata, certificateName }).then(
    (principal) => (principal.type === 'user' ? principal.subject : `sandbox ${principal.sandboxId}`),
    ({ code, details }) => (code === status.UNAUTHENTICATED ? details : code),
  )
  expect(answer).toBe(expected)
})

test.each([
  ['no subject', { token: 'x', subject: '' }, /no subject/],
  ['no token', { token: '', subject: 'dan' }, /'dan' is empty/],
  ['a token that no header carries', { token: 'very secret', subject: 'dan' }, /'dan' has other characters/],
  ['a token of another', { token: 'for-ann', subject: 'dan' }, /'dan' belongs to another user/],
])('a user with %s is refused, and the token is not shown', (_name, user, text) => {
  const build = () => new GatewayUsers([{ token: 'for-ann', subject: 'ann' }, user], now)
  expect(build).toThrow(text)
  expect(build).not.toThrow(/secret|for-ann/)
})
