import { createHash } from 'node:crypto'
import { status } from '@grpc/grpc-js'
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { SandboxTokens } from './sandbox-tokens.js'
import { generateSigningKeys } from './signing-keys.js'

const keys = generateSigningKeys()
const tokensWith = (lifetimeSeconds = 0, now = () => 1_700_000_000_000) =>
  new SandboxTokens({ keys, gatewayId: 'lab', lifetimeSeconds, now })
const tokens = tokensWith()

const claims = {
  sub: 'spiffe://openshell/sandbox/x',
  iss: 'openshell-gateway:lab',
  aud: 'openshell-gateway:lab',
  iat: 1,
  exp: 0,
  sandbox_id: 'x',
}

function sign(payload: Record<string, unknown>, header: Record<string, unknown> = {}, key = keys.privateKey) {
  return new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: keys.keyId, ...header }).sign(key)
}

const without = (name: keyof typeof claims) =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name))

test('a token has exactly the claims and the header of the real gateway', async () => {
  const token = await tokens.mint('x')
  expect(decodeProtectedHeader(token)).toEqual({ typ: 'JWT', alg: 'EdDSA', kid: keys.keyId })
  expect(decodeJwt(token)).toEqual({ ...claims, iat: 1_700_000_000 })
})

test('the key id is the start of the hash of the public key', () => {
  const der = keys.publicKey.export({ type: 'spki', format: 'der' })
  expect(keys.keyId).toBe(createHash('sha256').update(der).digest('hex').slice(0, 32))
})

test('a token with a lifetime expires', async () => {
  expect(decodeJwt(await tokensWith(60).mint('x')).exp).toBe(1_700_000_060)
})

describe('verify', () => {
  test('an own token names its sandbox', async () => {
    expect(await tokens.verify(await tokens.mint('x'))).toEqual({ sandboxId: 'x', expiresAtSeconds: 0 })
  })

  test('the identity is the claim sandbox_id, whatever the subject says', async () => {
    expect(await tokens.verify(await sign({ ...claims, sub: 'other' }))).toMatchObject({ sandboxId: 'x' })
  })

  test.each([
    ['another key id', { kid: 'foreign' }],
    ['no key id', { kid: undefined }],
  ])('%s is for others to judge', async (_name, header) => {
    expect(await tokens.verify(await sign(claims, header))).toBeUndefined()
  })

  test.each([
    ['no JWT', () => 'nonsense', 'invalid token'],
    [
      'an extension token',
      () => sign(claims, { typ: 'openshell-ext+jwt' }),
      'extension tokens cannot authenticate to the gateway',
    ],
    ['another signer', () => sign(claims, {}, generateSigningKeys().privateKey), 'invalid token: InvalidSignature'],
    ['another issuer', () => sign({ ...claims, iss: 'openshell-gateway:other' }), 'invalid token: InvalidIssuer'],
    ['another audience', () => sign({ ...claims, aud: 'other' }), 'invalid token: InvalidAudience'],
    ['an audience in a list', () => sign({ ...claims, aud: [claims.aud] }), 'invalid token: InvalidAudience'],
    ['no time of issue', () => sign(without('iat')), 'invalid token: JSON error: missing field `iat`'],
    ['no sandbox', () => sign(without('sandbox_id')), 'invalid token: JSON error: missing field `sandbox_id`'],
    ['an expiry long ago', () => sign({ ...claims, exp: 1_699_999_939 }), 'invalid token: ExpiredSignature'],
  ])('%s is refused', async (_name, token, text) => {
    const error = await tokens.verify(await token()).catch((refusal: unknown) => refusal)
    expect(error).toMatchObject({ code: status.UNAUTHENTICATED })
    expect(String((error as Error).message)).toMatch(new RegExp(`^${text}`))
  })

  test('an expired token is good for another minute', async () => {
    expect(await tokens.verify(await sign({ ...claims, exp: 1_699_999_940 }))).toMatchObject({ sandboxId: 'x' })
  })
})
