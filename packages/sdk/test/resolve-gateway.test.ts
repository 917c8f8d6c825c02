import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ConnectOptions } from '../src/connect/connect-options.js'
import type { FromGatewayOptions } from '../src/connect/from-gateway-options.js'
import { findConfigRoots } from '../src/gateways/config-roots.js'
import { resolveGateway } from '../src/gateways/resolve-gateway.js'
import { SecretFiles } from '../src/gateways/secret-files.js'
import { findStoredTls } from '../src/gateways/stored-tls.js'
import { type ConfigFolder, createConfigFolder } from './config-folder.js'
import { failureOf } from './failure-of.js'
import { startScriptedIssuer } from './scripted-issuer.js'

const { signal } = new AbortController()

interface Search {
  readonly name?: string
  readonly variables?: Readonly<Record<string, string>>
  readonly options?: FromGatewayOptions
}

function fromGateway(folder: ConfigFolder, { name, variables, options }: Search = {}): Promise<ConnectOptions> {
  const environment = { ...folder.environment, ...variables }
  return resolveGateway({ name, endpointFromEnvironment: false, options: { environment, ...options } })
}

function fromEnv(folder: ConfigFolder, variables: Readonly<Record<string, string>>): Promise<ConnectOptions> {
  const environment = { ...folder.environment, ...variables }
  return resolveGateway({ endpointFromEnvironment: true, options: { environment } })
}

const metadata = (gateway_endpoint: string, more: object = {}) => ({
  gateway_endpoint,
  auth_mode: 'plaintext',
  ...more,
})
const plain = 'http://127.0.0.1:17670'

async function addGateway(folder: ConfigFolder, name: string, content: object | string): Promise<string> {
  return folder.write(`gateways/${name}/metadata.json`, content)
}

async function addBundle(
  folder: ConfigFolder,
  name: string,
  files = ['ca.crt', 'tls.crt', 'tls.key'],
): Promise<string> {
  for (const file of files) await folder.write(`gateways/${name}/mtls/${file}`, `-----BEGIN ${file}`)
  return join(folder.user, 'gateways', name, 'mtls')
}

describe('the folders', () => {
  const home = { HOME: '/home/ann', APPDATA: 'C:/Data' }
  test.each<[string, NodeJS.Platform, Record<string, string>, string, string]>([
    ['the home folder', 'linux', home, '/home/ann/.config/openshell', '/etc/openshell'],
    ['XDG_CONFIG_HOME on any platform', 'win32', { ...home, XDG_CONFIG_HOME: '/x' }, '/x/openshell', '/etc/openshell'],
    ['APPDATA on Windows', 'win32', home, 'C:/Data/openshell', '/etc/openshell'],
    [
      'empty variables as unset',
      'linux',
      { ...home, XDG_CONFIG_HOME: '', OPENSHELL_SYSTEM_GATEWAY_DIR: '' },
      '/home/ann/.config/openshell',
      '/etc/openshell',
    ],
    [
      'an absolute system folder only',
      'linux',
      { ...home, OPENSHELL_SYSTEM_GATEWAY_DIR: 'relative' },
      '/home/ann/.config/openshell',
      '/etc/openshell',
    ],
    [
      'the given system folder',
      'linux',
      { ...home, OPENSHELL_SYSTEM_GATEWAY_DIR: '/opt/gw' },
      '/home/ann/.config/openshell',
      '/opt/gw',
    ],
  ])('follow %s', (_, platform, environment, user, system) => {
    expect(findConfigRoots(environment, platform)).toEqual({ user, system })
  })
})

describe('the name of the gateway', () => {
  test('is that of the call, else of OPENSHELL_GATEWAY, else the selected one of the user, else of the machine', async () => {
    await using folder = await createConfigFolder()
    for (const [index, name] of ['called', 'named', 'selected', 'ours', 'with.dots'].entries()) {
      await addGateway(folder, name, metadata(`http://127.0.0.1:${index + 1}`))
    }
    await folder.write('active_gateway', 'selected\n')
    await folder.writeSystem('active_gateway', 'ours')
    const variables = { OPENSHELL_GATEWAY: 'named' }
    const endpoints = [
      await fromGateway(folder, { name: 'called', variables }),
      await fromGateway(folder, { variables }),
      await fromGateway(folder, { variables: { OPENSHELL_GATEWAY: ' ' } }),
      await fromGateway(folder, { name: 'with.dots' }),
    ]
    await folder.write('active_gateway', '../escape')
    endpoints.push(await fromGateway(folder))
    expect(endpoints.map(({ endpoint }) => endpoint.slice(-1))).toEqual(['1', '2', '3', '5', '4'])
  })

  test.each(['', '..', 'a/b', 'a\\b', 'a\0b'])(
    'is refused when it is %j, which is no component of a path',
    async (name) => {
      await using folder = await createConfigFolder()
      expect(await failureOf(fromGateway(folder, { name }))).toMatchObject({ kind: 'configuration' })
    },
  )

  test('is not taken from options in its place', async () => {
    await using folder = await createConfigFolder()
    const error = await failureOf(fromGateway(folder, { name: { workspace: 'team-a' } as never }))
    expect(error).toMatchObject({
      kind: 'configuration',
      hint: expect.stringContaining('fromGateway(undefined, options)'),
    })
  })

  test('that is not known is an error with the path and the nearest one', async () => {
    await using folder = await createConfigFolder()
    await addGateway(folder, 'production', metadata(plain))
    const error = await failureOf(fromGateway(folder, { name: 'prodution' }))
    expect(error).toMatchObject({ kind: 'configuration', hint: 'Did you mean "production"?' })
    expect(error.message).toContain(join(folder.user, 'gateways', 'prodution', 'metadata.json'))
  })

  test('is asked for when nothing says it', async () => {
    await using folder = await createConfigFolder()
    const error = await failureOf(fromGateway(folder))
    expect(error).toMatchObject({ kind: 'configuration', hint: expect.stringContaining('openshell gateway select') })
  })
})

describe('metadata', () => {
  test('needs the endpoint only, takes port 0, and ignores keys that it does not know', async () => {
    await using folder = await createConfigFolder()
    await addGateway(folder, 'a', metadata(`${plain}//`, { gateway_port: 0, is_remote: false, later: {} }))
    await addGateway(folder, 'b', { gateway_endpoint: plain })
    for (const name of ['a', 'b']) {
      const options = await fromGateway(folder, { name })
      expect(options).toEqual({ endpoint: plain, tls: {} })
    }
  })

  test('of the user hides that of the machine, also when it is broken', async () => {
    await using folder = await createConfigFolder()
    await folder.writeSystem('gateways/a/metadata.json', metadata('http://127.0.0.1:2'))
    expect((await fromGateway(folder, { name: 'a' })).endpoint).toBe('http://127.0.0.1:2')
    await addGateway(folder, 'a', metadata(plain))
    expect((await fromGateway(folder, { name: 'a' })).endpoint).toBe(plain)
    await addGateway(folder, 'a', '{')
    expect(await failureOf(fromGateway(folder, { name: 'a' }))).toMatchObject({ kind: 'configuration' })
    await rm(join(folder.user, 'gateways/a/metadata.json'))
    await mkdir(join(folder.user, 'gateways/a/metadata.json'))
    expect(await failureOf(fromGateway(folder, { name: 'a' }))).toMatchObject({ kind: 'configuration' })
  })

  test.each<[string, object | string, string]>([
    ['no JSON', 'unspeakable', 'is no JSON object'],
    ['a list', [], 'is no JSON object'],
    ['no endpoint', { name: 'a' }, 'has no gateway_endpoint'],
    ['an unknown auth_mode', metadata(plain, { auth_mode: 'unspeakable' }), 'none of mtls, plaintext'],
    ['an endpoint with a password', metadata('http://ann:unspeakable@gateway.example'), 'must not hold credentials'],
    ['mtls without https', metadata(plain, { auth_mode: 'mtls' }), 'is not https'],
  ])('of %s is an error that shows no value', async (_, content, problem) => {
    await using folder = await createConfigFolder()
    await addGateway(folder, 'a', content)
    const error = await failureOf(fromGateway(folder, { name: 'a' }))
    expect(error).toMatchObject({ kind: 'configuration' })
    expect(error.message).toContain(problem)
    expect(JSON.stringify(error)).not.toContain('unspeakable')
  })
})

describe('credentials', () => {
  const secure = 'https://gateway.example:17670'

  test('of mtls are the whole bundle, as paths, and the authority of the bundle alone is trusted', async () => {
    await using folder = await createConfigFolder()
    await addGateway(folder, 'my gateway', { gateway_endpoint: secure })
    const bundle = await addBundle(folder, 'my_gateway')
    const options = await fromGateway(folder, { name: 'my gateway' })
    expect(options.tls).toEqual({
      ca: join(bundle, 'ca.crt'),
      cert: join(bundle, 'tls.crt'),
      key: join(bundle, 'tls.key'),
    })
  })

  test('of mtls that are being replaced are looked for again', async () => {
    await using folder = await createConfigFolder()
    class FilesInUse extends SecretFiles {
      override async read(path: string): Promise<string | undefined> {
        const text = await super.read(path)
        if (text === undefined) await addBundle(folder, 'a')
        return text
      }
    }
    const place = { userRoot: folder.user, name: 'a', files: new FilesInUse(undefined) }
    for (const need of ['required', 'optional'] as const) {
      await addBundle(folder, 'a')
      await rm(join(folder.user, 'gateways/a/mtls/tls.key'))
      expect(Object.keys(await findStoredTls(place, need)).sort()).toEqual(['ca', 'cert', 'key'])
    }
  })

  test('are those of the user, also for a gateway of the machine', async () => {
    await using folder = await createConfigFolder()
    await folder.writeSystem('gateways/a/metadata.json', { gateway_endpoint: secure })
    for (const file of ['ca.crt', 'tls.crt', 'tls.key']) await folder.writeSystem(`gateways/a/mtls/${file}`, 'x')
    expect(await failureOf(fromGateway(folder, { name: 'a' }))).toMatchObject({ kind: 'unauthenticated' })
    const bundle = await addBundle(folder, 'a')
    expect((await fromGateway(folder, { name: 'a' })).tls).toMatchObject({ key: join(bundle, 'tls.key') })
  })

  test('of oidc are got with the secret of the environment where a login left nothing to renew them', async () => {
    await using folder = await createConfigFolder()
    await using issuer = await startScriptedIssuer({
      token: () => ({ body: { access_token: 'machine', token_type: 'Bearer' } }),
    })
    const scopes = { oidc_scopes: 'openid  profile', oidc_audience: 'gateway' }
    await addGateway(folder, 'a', { gateway_endpoint: secure, auth_mode: 'oidc', ...scopes })
    const token = { access_token: 'old', issuer: issuer.url, client_id: 'ci', expires_at: 1 }
    await folder.write('gateways/a/oidc_token.json', token)
    const variables = { OPENSHELL_OIDC_CLIENT_SECRET: 's3cret' }
    const { auth } = await fromGateway(folder, { name: 'a', variables })
    if (auth?.type !== 'bearer' || !auth.getToken) throw new Error('There is no provider.')
    expect(await auth.getToken({ forceRefresh: false, signal })).toBe('machine')
    expect(issuer.requests).toEqual([
      { grant_type: 'client_credentials', scope: 'openid profile', audience: 'gateway' },
    ])
    expect(issuer.authorizations).toEqual([`Basic ${Buffer.from('ci:s3cret').toString('base64')}`])
  })

  test('of mtls that are not complete need a login', async () => {
    await using folder = await createConfigFolder()
    await addGateway(folder, 'a', { gateway_endpoint: secure, auth_mode: 'mtls' })
    await addBundle(folder, 'a', ['ca.crt', 'tls.crt'])
    const error = await failureOf(fromGateway(folder, { name: 'a' }))
    expect(error).toMatchObject({ kind: 'unauthenticated', hint: 'Run: openshell gateway login a' })
    expect(error.message).toContain('lacks tls.key')
  })

  test.each<[string, string[], string[]]>([
    ['a full bundle', ['ca.crt', 'tls.crt', 'tls.key'], ['ca', 'cert', 'key']],
    ['an authority', ['ca.crt'], ['ca']],
    ['nothing', [], []],
  ])('of oidc go with %s', async (_, files, keys) => {
    await using folder = await createConfigFolder()
    await addGateway(folder, 'a', { gateway_endpoint: secure, auth_mode: 'oidc' })
    await addBundle(folder, 'a', files)
    const { tls, auth } = await fromGateway(folder, { name: 'a' })
    expect(Object.keys(tls ?? {})).toEqual(keys)
    expect(auth?.type).toBe('bearer')
  })

  test('of an edge are its token or the one of earlier releases, read again when it is refused', async () => {
    await using folder = await createConfigFolder()
    await addGateway(folder, 'a', { gateway_endpoint: secure, auth_mode: 'cloudflare_jwt' })
    await folder.write('gateways/a/cf_token', 'earlier\n')
    const warnings: string[] = []
    const options = { logger: { warn: (text: string) => warnings.push(text) } }
    const { auth, tls } = await fromGateway(folder, { name: 'a', options })
    if (auth?.type !== 'edge' || !auth.getToken) throw new Error('The edge has no provider.')
    expect(tls).toEqual({})
    expect(auth.tunnel).toBe(true)
    expect(await auth.getToken({ forceRefresh: false, signal })).toBe('earlier')
    const path = await folder.write('gateways/a/edge_token', ' present\n', 0o640)
    expect(await auth.getToken({ forceRefresh: false, signal })).toBe('earlier')
    expect(await auth.getToken({ forceRefresh: true, signal })).toBe('present')
    expect(warnings).toEqual([expect.stringContaining(`chmod 600 ${path}`)])
    expect(await readFile(join(folder.user, 'gateways/a/cf_token'), 'utf8')).toBe('earlier\n')
    await rm(path)
    await folder.write('gateways/a/cf_token', ' \n')
    const error = await failureOf(Promise.resolve(auth.getToken({ forceRefresh: true, signal })))
    expect(error).toMatchObject({ kind: 'unauthenticated', hint: 'Run: openshell gateway login a' })
  })

  test('that are given win over files and environment', async () => {
    await using folder = await createConfigFolder()
    await addGateway(folder, 'a', { gateway_endpoint: secure, auth_mode: 'oidc' })
    const variables = { OPENSHELL_WORKSPACE: 'theirs', OPENSHELL_GATEWAY_INSECURE: '1' }
    const given = { auth: { type: 'none' }, tls: { ca: 'x' }, workspace: 'mine' } as const
    expect(await fromGateway(folder, { name: 'a', variables, options: given })).toEqual({ endpoint: secure, ...given })
    const found = await fromGateway(folder, { name: 'a', variables })
    expect(found).toMatchObject({ workspace: 'theirs', tls: { insecureSkipVerify: true } })
    for (const OPENSHELL_GATEWAY_INSECURE of ['false', '0', '']) {
      expect((await fromGateway(folder, { name: 'a', variables: { OPENSHELL_GATEWAY_INSECURE } })).tls).toEqual({})
    }
    await folder.write('gateways/a/mtls/ca.crt', 'PEM')
    expect((await fromGateway(folder, { name: 'a', variables })).tls).toEqual({ insecureSkipVerify: true })
  })

  test('never go to an endpoint that is given beside the name', async () => {
    await using folder = await createConfigFolder()
    await addGateway(folder, 'a', metadata(plain))
    const options = { endpoint: 'http://127.0.0.1:9' } as FromGatewayOptions
    expect(await failureOf(fromGateway(folder, { name: 'a', options }))).toMatchObject({ kind: 'configuration' })
  })
})

describe('the endpoint of the environment', () => {
  const endpoint = 'https://gateway.example'

  test('gets the credentials of the name beside it, which needs no metadata', async () => {
    await using folder = await createConfigFolder()
    const bundle = await addBundle(folder, 'unknown')
    const variables = { OPENSHELL_GATEWAY_ENDPOINT: `${endpoint}/`, OPENSHELL_GATEWAY: 'unknown' }
    const options = await fromEnv(folder, variables)
    expect(options).toMatchObject({ endpoint, tls: { ca: join(bundle, 'ca.crt') } })
    await addGateway(folder, 'unknown', { gateway_endpoint: 'https://other.example', auth_mode: 'oidc' })
    expect(await fromEnv(folder, variables)).toMatchObject({ endpoint, auth: { type: 'bearer' } })
  })

  test('gets those of the stored gateway with the same endpoint: the selected one, else the first', async () => {
    await using folder = await createConfigFolder()
    await addGateway(folder, '0-broken', '{')
    await addGateway(folder, 'b', { gateway_endpoint: `${endpoint}:443/`, auth_mode: 'plaintext' })
    await addGateway(folder, 'c', { gateway_endpoint: endpoint, auth_mode: 'oidc' })
    expect((await fromEnv(folder, { OPENSHELL_GATEWAY_ENDPOINT: endpoint })).auth).toBeUndefined()
    await folder.write('active_gateway', 'c')
    expect((await fromEnv(folder, { OPENSHELL_GATEWAY_ENDPOINT: endpoint })).auth?.type).toBe('bearer')
  })

  test('gets none when nothing is known of it, and none of another gateway', async () => {
    await using folder = await createConfigFolder()
    await addGateway(folder, 'c', { gateway_endpoint: 'https://other.example', auth_mode: 'oidc' })
    await folder.write('active_gateway', 'c')
    expect(await fromEnv(folder, { OPENSHELL_GATEWAY_ENDPOINT: endpoint })).toEqual({ endpoint, tls: {} })
  })

  test('is looked for in the files when it is blank, and named when it is wrong', async () => {
    await using folder = await createConfigFolder()
    await addGateway(folder, 'a', metadata(plain))
    expect((await fromEnv(folder, { OPENSHELL_GATEWAY_ENDPOINT: '', OPENSHELL_GATEWAY: 'a' })).endpoint).toBe(plain)
    const error = await failureOf(fromEnv(folder, { OPENSHELL_GATEWAY_ENDPOINT: 'ftp://x' }))
    expect(error.message).toContain('OPENSHELL_GATEWAY_ENDPOINT: the scheme "ftp" is not served')
  })
})
