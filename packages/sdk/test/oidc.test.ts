import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { OidcAuth } from '../src/auth/client-auth.js'
import type { OidcTokens } from '../src/auth/oidc-client.js'
import { createOidcProvider } from '../src/auth/oidc-provider.js'
import { failureOf } from './failure-of.js'
import { type IssuerScript, startScriptedIssuer } from './scripted-issuer.js'

const { signal } = new AbortController()
const ask = { forceRefresh: false, signal }
const grant = (name: string, more: object = {}) => ({
  body: { access_token: name, token_type: 'Bearer', expires_in: 3600, ...more },
})

describe('a token of an issuer', () => {
  test('is used until it is about to expire or is refused, and renewed with the latest refresh token', async () => {
    let granted = 0
    await using issuer = await startScriptedIssuer({
      token: () => {
        granted += 1
        return grant(`access-${granted}`, granted === 1 ? { refresh_token: 'refresh-2' } : {})
      },
    })
    const auth: OidcAuth = {
      type: 'oidc',
      issuer: issuer.url,
      clientId: 'cli',
      scopes: ['openid', 'offline_access'],
      accessToken: 'access-0',
      refreshToken: 'refresh-1',
      expiresAtMs: Date.now() + 29_000,
    }
    const provide = createOidcProvider(auth)
    expect(await provide(ask)).toBe('access-1')
    expect(await provide(ask)).toBe('access-1')
    expect(await provide({ forceRefresh: true, signal })).toBe('access-2')
    expect(issuer.requests).toEqual([
      { grant_type: 'refresh_token', refresh_token: 'refresh-1', client_id: 'cli', scope: 'openid offline_access' },
      { grant_type: 'refresh_token', refresh_token: 'refresh-2', client_id: 'cli', scope: 'openid offline_access' },
    ])
    const valid = createOidcProvider({ ...auth, expiresAtMs: Date.now() + 120_000 })
    expect(await valid(ask)).toBe('access-0')
  })

  test('goes to onTokens with its refresh token before it is used, again when that failed, and never twice', async () => {
    let granted = 0
    await using issuer = await startScriptedIssuer({
      token: () => {
        granted += 1
        return grant(`access-${granted}`, granted === 2 ? { refresh_token: 'refresh-2' } : {})
      },
    })
    const kept: OidcTokens[] = []
    let isFull = true
    const onTokens = (tokens: OidcTokens) => {
      if (isFull) throw new Error('The disk is full.')
      kept.push(tokens)
    }
    const auth = { type: 'oidc', issuer: issuer.url, clientId: 'cli', refreshToken: 'refresh-1', onTokens } as const
    const provide = createOidcProvider(auth)
    const error = await failureOf(Promise.resolve(provide(ask)))
    expect(error).toMatchObject({ kind: 'configuration', dispatched: false, cause: new Error('The disk is full.') })
    isFull = false
    // Both ask at the same time, and the issuer takes each refresh token once.
    const refused = { forceRefresh: true, signal }
    expect(await Promise.all([provide(refused), provide(ask), provide(refused)])).toEqual([
      'access-1',
      'access-1',
      'access-2',
    ])
    const expiresAtMs = expect.any(Number)
    expect(kept).toEqual([
      { accessToken: 'access-1', refreshToken: 'refresh-1', expiresAtMs },
      { accessToken: 'access-2', refreshToken: 'refresh-2', expiresAtMs },
    ])
    expect(issuer.requests).toHaveLength(2)
  })

  test('is got with the secret of the client where there is no refresh token', async () => {
    await using issuer = await startScriptedIssuer({ token: () => grant('machine') })
    const auth = {
      type: 'oidc',
      issuer: issuer.url,
      clientId: 'ci',
      clientSecret: 's3cret',
      audience: 'gateway',
    } as const
    expect(await createOidcProvider(auth)(ask)).toBe('machine')
    expect(issuer.requests).toEqual([{ grant_type: 'client_credentials', audience: 'gateway' }])
    expect(issuer.authorizations).toEqual([`Basic ${Buffer.from('ci:s3cret').toString('base64')}`])
  })

  test('that cannot be renewed says what is missing', async () => {
    const auth = {
      type: 'oidc',
      issuer: 'https://idp.example',
      clientId: 'cli',
      accessToken: 'a',
      expiresAtMs: 1,
    } as const
    const error = await failureOf(Promise.resolve(createOidcProvider(auth)(ask)))
    expect(error).toMatchObject({ kind: 'unauthenticated', hint: expect.stringContaining('refreshToken') })
  })

  test('is not waited for when the client is closed', async () => {
    const closing = new AbortController()
    await using issuer = await startScriptedIssuer({
      token: () => grant('late'),
      discovery: () => void closing.abort(),
    })
    const auth = { type: 'oidc', issuer: issuer.url, clientId: 'cli', refreshToken: 'r' } as const
    const provide = createOidcProvider(auth)
    const error = await failureOf(Promise.resolve(provide({ forceRefresh: false, signal: closing.signal })))
    expect(error.message).toContain('the client is closed')
  })

  test.each<[string, Partial<IssuerScript>, string]>([
    ['refuses the refresh token', { token: () => ({ status: 400, body: { error: 'invalid_grant' } }) }, 'any more'],
    ['answers another error', { token: () => ({ status: 401, body: { error: 'invalid_client' } }) }, 'invalid_client'],
    ['hides a text in its error', { token: () => ({ status: 400, body: { error: 'unspeakable 1' } }) }, 'an error'],
    ['answers without a token', { token: () => ({ body: { unspeakable: 'unspeakable' } }) }, 'cannot be used'],
    ['is broken', { token: () => ({ status: 500, body: { unspeakable: 1 } }) }, 'cannot be used'],
    [
      'calls itself by another name',
      { discovery: (document) => ({ ...document, issuer: 'https://x.example' }) },
      'another name',
    ],
    [
      'sends tokens elsewhere without encryption',
      { discovery: (document) => ({ ...document, token_endpoint: 'http://idp.example/token' }) },
      'not https',
    ],
    [
      'redirects',
      { discovery: (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end() },
      'redirect',
    ],
    [
      'answers without an end',
      { discovery: (_, response) => void response.writeHead(200).end('x'.repeat(1_100_000)) },
      'more than 1048576 bytes',
    ],
    ['hangs up', { discovery: (_, response) => void response.destroy() }, 'cannot be reached'],
  ])('is not to be had when the issuer %s, and the error shows no secret', async (_, script, problem) => {
    await using issuer = await startScriptedIssuer({ token: () => grant('unspeakable'), ...script })
    const auth = { type: 'oidc', issuer: issuer.url, clientId: 'cli', refreshToken: 'unspeakable' } as const
    const error = await failureOf(Promise.resolve(createOidcProvider(auth)(ask)))
    expect(error).toMatchObject({ kind: 'unauthenticated', dispatched: false })
    expect(error.message).toContain(problem)
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('unspeakable')
  })
})
