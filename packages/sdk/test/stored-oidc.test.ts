import { readFile, rm, stat } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { SecretFiles } from '../src/gateways/secret-files.js'
import { createStoredOidcProvider } from '../src/gateways/stored-oidc-provider.js'
import { createConfigFolder } from './config-folder.js'
import { failureOf } from './failure-of.js'
import { type ScriptedIssuer, startScriptedIssuer, type TokenReply } from './scripted-issuer.js'

const PATH = 'gateways/prod/oidc_token.json'
const { signal } = new AbortController()
const ask = { forceRefresh: false, signal }
const seconds = (fromNow: number) => Math.floor(Date.now() / 1_000) + fromNow
const granted = (name: string, more: object = {}): TokenReply => ({
  body: { access_token: name, token_type: 'Bearer', ...more },
})

function stored({ url }: Pick<ScriptedIssuer, 'url'>, more: object = {}): object {
  return { access_token: 'old', issuer: url, client_id: 'cli', refresh_token: 'refresh', expires_at: 1, ...more }
}

function providerFor(path: string, more: { clientSecret?: string; warnings?: string[] } = {}) {
  const logger = { warn: (text: string) => void more.warnings?.push(text) }
  const file = { path, name: 'prod', files: new SecretFiles(logger) }
  const { clientSecret } = more
  return createStoredOidcProvider(file, { scopes: ['openid'], audience: undefined, clientSecret, logger })
}

const readJson = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'))

describe('the stored token of a login', () => {
  test('is used as it is until it is about to expire, also without a known end', async () => {
    await using folder = await createConfigFolder()
    for (const expires_at of [seconds(60), undefined]) {
      const path = await folder.write(PATH, stored({ url: 'https://idp.invalid' }, { expires_at }))
      expect(await providerFor(path)(ask)).toBe('old')
    }
  })

  test.each(['', '{"access_token": "ol'])(
    'is read again after %j, which the tool was in the middle of writing',
    async (half) => {
      await using folder = await createConfigFolder()
      const path = await folder.write(PATH, half)
      const whole = stored({ url: 'https://idp.invalid' }, { expires_at: undefined })
      let reads = 0
      class FilesInUse extends SecretFiles {
        override async read(name: string): Promise<string | undefined> {
          reads += 1
          const text = await super.read(name)
          if (reads === 1) await folder.write(PATH, whole)
          return text
        }
      }
      const options = { scopes: [], audience: undefined, clientSecret: undefined, logger: undefined }
      const files = new FilesInUse(undefined)
      expect(await createStoredOidcProvider({ path, name: 'prod', files }, options)(ask)).toBe('old')
      expect(reads).toBe(2)
    },
  )

  test('is renewed and written back for the command line tool, with what the issuer left out', async () => {
    await using folder = await createConfigFolder()
    await using issuer = await startScriptedIssuer({ token: () => granted('new', { expires_in: 3600 }) })
    const path = await folder.write(PATH, stored(issuer, { expires_at: seconds(20), other: 1 }), 0o644)
    const warnings: string[] = []
    const provide = providerFor(path, { warnings })
    expect(await provide(ask)).toBe('new')
    expect(issuer.requests).toEqual([
      { grant_type: 'refresh_token', refresh_token: 'refresh', client_id: 'cli', scope: 'openid' },
    ])
    expect(await readJson(path)).toEqual({
      access_token: 'new',
      refresh_token: 'refresh',
      expires_at: expect.closeTo(seconds(3600), -1),
      issuer: issuer.url,
      client_id: 'cli',
    })
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(warnings).toEqual([expect.stringContaining(`chmod 600 ${path}`)])
  })

  test('is renewed once for all clients of the process', async () => {
    await using folder = await createConfigFolder()
    await using issuer = await startScriptedIssuer({ token: () => granted('new', { refresh_token: 'refresh-2' }) })
    const path = await folder.write(PATH, stored(issuer))
    const tokens = await Promise.all([1, 2, 3].map(() => providerFor(path)(ask)))
    expect(tokens).toEqual(['new', 'new', 'new'])
    expect(issuer.requests).toHaveLength(1)
    expect(await readJson(path)).not.toHaveProperty('expires_at')
    expect(await readJson(path)).toHaveProperty('refresh_token', 'refresh-2')
  })

  test('that was refused is taken anew from another process, or else renewed', async () => {
    await using folder = await createConfigFolder()
    await using issuer = await startScriptedIssuer({ token: () => granted('new') })
    const path = await folder.write(PATH, stored(issuer, { expires_at: undefined }))
    const provide = providerFor(path)
    expect(await provide(ask)).toBe('old')
    await folder.write(PATH, stored(issuer, { access_token: 'theirs', expires_at: undefined }))
    expect(await provide({ forceRefresh: true, signal })).toBe('theirs')
    expect(issuer.requests).toHaveLength(0)
    expect(await provide({ forceRefresh: true, signal })).toBe('new')
  })

  test('whose refresh token another process has used is taken from it', async () => {
    await using folder = await createConfigFolder()
    await using issuer = await startScriptedIssuer({
      token: async () => {
        await folder.write(PATH, stored(issuer, { access_token: 'theirs', expires_at: seconds(3600) }))
        return { status: 400, body: { error: 'invalid_grant' } }
      },
    })
    const path = await folder.write(PATH, stored(issuer))
    expect(await providerFor(path)(ask)).toBe('theirs')
  })

  test('is not brought back after a logout, and no login is undone', async () => {
    await using folder = await createConfigFolder()
    const login = stored({ url: 'https://other.example' }, { access_token: 'login' })
    const steps = [() => rm(path), () => folder.write(PATH, login)]
    await using issuer = await startScriptedIssuer({
      token: async () => {
        await steps.shift()?.()
        return granted('new')
      },
    })
    const path = await folder.write(PATH, stored(issuer))
    expect(await providerFor(path)(ask)).toBe('new')
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' })
    await folder.write(PATH, stored(issuer))
    await providerFor(path)(ask)
    expect(await readJson(path)).toEqual(login)
  })

  test('that cannot be written back is used all the same, with a warning', async () => {
    await using folder = await createConfigFolder()
    await using issuer = await startScriptedIssuer({ token: () => granted('new') })
    // The name of the file fits, and that of a temporary file beside it does not.
    const path = await folder.write(`gateways/prod/${'o'.repeat(250)}`, stored(issuer))
    const warnings: string[] = []
    expect(await providerFor(path, { warnings })(ask)).toBe('new')
    expect(warnings).toEqual([expect.stringContaining(`${path} (ENAMETOOLONG)`)])
  })

  test('is got anew with the secret of the client where the login left no refresh token', async () => {
    await using folder = await createConfigFolder()
    await using issuer = await startScriptedIssuer({ token: () => granted('machine') })
    const path = await folder.write(PATH, stored(issuer, { refresh_token: undefined }))
    expect(await providerFor(path, { clientSecret: 's3cret' })(ask)).toBe('machine')
    expect(issuer.requests).toEqual([{ grant_type: 'client_credentials', scope: 'openid' }])
  })

  test.each<[string, (issuer: ScriptedIssuer) => object | string, TokenReply]>([
    ['the file holds nothing', () => '', granted('new')],
    ['the file is broken', () => '{"access_token": "unspeakable', granted('new')],
    ['a key is missing', (issuer) => stored(issuer, { client_id: undefined }), granted('new')],
    ['nothing can renew it', (issuer) => stored(issuer, { refresh_token: undefined }), granted('new')],
    ['the issuer refuses it', stored, { status: 400, body: { error: 'invalid_grant' } }],
    ['the issuer fails', stored, { status: 500, body: {} }],
  ])('needs a login when %s, and the file stays as it is', async (_, content, reply) => {
    await using folder = await createConfigFolder()
    await using issuer = await startScriptedIssuer({ token: () => reply })
    const path = await folder.write(PATH, content(issuer))
    const before = await readFile(path, 'utf8')
    const error = await failureOf(Promise.resolve(providerFor(path)(ask)))
    expect(error).toMatchObject({ kind: 'unauthenticated', hint: 'Run: openshell gateway login prod' })
    expect(error.message).toContain(path)
    expect(error.message).not.toContain('unspeakable')
    expect(await readFile(path, 'utf8')).toBe(before)
  })
})
