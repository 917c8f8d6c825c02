import { status } from '@grpc/grpc-js'
import { ProviderCredentialRefreshStrategy } from '@openshell-ts/protocol/v0-0'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../src/clock/gateway-clock.js'
import { TestClock } from '../src/clock/test-clock.js'
import { failure, Setup } from './test-client.js'
import { tokenEndpoint } from './token-endpoint.js'

const marked = 's3cret-value'
const idOf = (sandbox: { metadata?: { id: string } | undefined }) => sandbox.metadata?.id ?? ''
const provider = (name: string, fields: object = {}) => ({
  metadata: { name },
  type: 'generic',
  credentials: { API_KEY: marked },
  ...fields,
})

const profile = (id: string, fields: object = {}) => ({
  source: `${id}.yaml`,
  profile: {
    id,
    displayName: id,
    credentials: [{ name: 'api_key', envVars: ['API_KEY'], authStyle: 'bearer', headerName: 'authorization' }],
    endpoints: [{ host: 'api.example.com', port: 443 }],
    ...fields,
  },
})

describe('profiles', () => {
  test('are stored together or not at all, with every problem named', async () => {
    await using setup = await Setup.start()
    const bad = profile('Bad Id', { credentials: [{ name: '' }], endpoints: [{ host: '', port: 0 }] })
    const refused = await setup.client.unary('importProviderProfiles', { profiles: [profile('good'), bad] })
    expect(refused.imported).toBe(false)
    expect(refused.diagnostics.map(({ field, message, severity }) => [field, message, severity])).toEqual([
      ['id', "provider profile id must be lowercase kebab-case using only a-z, 0-9, and '-'", 'error'],
      ['credentials.name', 'credential name is required', 'error'],
      ['endpoints[0]', "invalid endpoint ':0'", 'error'],
    ])
    expect((await setup.client.unary('listProviderProfiles', {})).profiles).toEqual([])
    expect(await setup.client.unary('lintProviderProfiles', { profiles: [] })).toMatchObject({ valid: false })
  })

  test('belong to the platform or to a workspace, which sees its own first', async () => {
    await using setup = await Setup.start()
    const { client } = setup
    await client.unary('importProviderProfiles', { profiles: [profile('good')] })
    await client.unary('createWorkspace', { name: 'team' })
    const shadow = { profiles: [profile('good', { displayName: 'Ours' })], workspace: 'team' }
    const imported = await client.unary('importProviderProfiles', shadow)
    expect(imported.diagnostics).toMatchObject([{ severity: 'warning' }])
    const names = async (workspace: string) =>
      (await client.unary('getProviderProfile', { id: 'good', workspace })).profile?.displayName
    expect([await names(''), await names('team'), await names('default')]).toEqual(['good', 'Ours', 'good'])
    expect(
      await failure(client.unary('importProviderProfiles', { profiles: [profile('good')], workspace: 'no' })),
    ).toMatchObject({
      code: status.NOT_FOUND,
      details: "workspace 'no' not found",
    })
  })

  test('are replaced with the version that was read, and deleted when nobody uses them', async () => {
    await using setup = await Setup.start()
    const { client } = setup
    await client.unary('importProviderProfiles', { profiles: [profile('good')] })
    const replace = (expectedResourceVersion: bigint) =>
      client.unary('updateProviderProfiles', {
        id: 'good',
        profile: profile('good', { displayName: 'New' }),
        expectedResourceVersion,
      })
    expect(await replace(0n)).toMatchObject({ updated: false, diagnostics: [{ field: 'resource_version' }] })
    expect(await replace(1n)).toMatchObject({ updated: true, profile: { displayName: 'New', resourceVersion: 2n } })
    expect(await failure(replace(1n))).toMatchObject({ code: status.ABORTED })

    await client.unary('createProvider', { provider: provider('one', { type: 'good' }) })
    await setup.create({ spec: { providers: ['one'] } })
    expect(await failure(client.unary('deleteProviderProfile', { id: 'good' }))).toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: "provider profile 'good' is in use by sandboxes: box",
    })
    await client.unary('detachSandboxProvider', { sandboxName: 'box', providerName: 'one' })
    expect(await client.unary('deleteProviderProfile', { id: 'good' })).toMatchObject({ deleted: true })
    expect((await failure(client.unary('deleteProviderProfile', { id: 'good' }))).code).toBe(status.NOT_FOUND)
  })

  test('say where a credential may go, and keep out what they do not declare', async () => {
    await using setup = await Setup.start()
    await setup.client.unary('importProviderProfiles', { profiles: [profile('good')] })
    const credentials = { API_KEY: marked, UNDECLARED: 'x' }
    await setup.client.unary('createProvider', { provider: provider('one', { type: 'good', credentials }) })
    const sandbox = await setup.create({ spec: { providers: ['one'] } })
    await using supervisor = await setup.supervise(sandbox)
    const answer = await supervisor.client.unary(
      'getSandboxProviderEnvironment',
      { sandboxId: idOf(sandbox), supportsStaticCredentialBindings: true },
      { metadata: supervisor.metadata },
    )
    expect(answer.environment).toEqual({ API_KEY: marked })
    expect(answer.staticCredentialBindings['API_KEY']?.endpoints).toMatchObject([
      { host: 'api.example.com', port: 443 },
    ])
  })
})

describe('a refresh', () => {
  test('renews the credential at the token endpoint of the profile, and shows how it went', async () => {
    const forms: string[] = []
    const answers = [
      [200, { access_token: 'minted', expires_in: 600, refresh_token: 'next' }],
      [400, { error: 'invalid_grant' }],
    ] as const
    await using server = await tokenEndpoint((form) => {
      forms.push(form)
      return answers[forms.length - 1] ?? [500, {}]
    })
    await using setup = await Setup.start({ clock: { ...systemClock, now: () => 1_000_000 } })
    const { client } = setup
    const refresh = {
      strategy: ProviderCredentialRefreshStrategy.OAUTH2_REFRESH_TOKEN,
      tokenUrl: server.url,
      scopes: ['read'],
      material: [{ name: 'refresh_token', required: true, secret: true }],
    }
    await client.unary('importProviderProfiles', {
      profiles: [profile('good', { credentials: [{ name: 'api_key', envVars: ['API_KEY'], refresh }] })],
    })
    await client.unary('createProvider', { provider: provider('one', { type: 'good', credentials: {} }) })
    const reference = { provider: 'one', credentialKey: 'API_KEY' }
    const configured = await client.unary('configureProviderRefresh', {
      ...reference,
      strategy: refresh.strategy,
      material: { client_id: 'me', refresh_token: 'first' },
    })
    expect(configured.status).toMatchObject({ status: 'configured', providerName: 'one', lastRefreshAtMs: 0n })

    const rotated = await client.unary('rotateProviderCredential', reference)
    expect(rotated.status).toMatchObject({
      status: 'refreshed',
      expiresAtMs: 1_600_000n,
      nextRefreshAtMs: 1_300_000n,
      lastRefreshAtMs: 1_000_000n,
    })
    expect(new URLSearchParams(forms[0]).get('refresh_token')).toBe('first')
    const { provider: shown } = await client.unary('getProvider', { name: 'one' })
    expect(shown).toMatchObject({
      credentials: { API_KEY: 'REDACTED' },
      credentialExpiresAtMs: { API_KEY: 1_600_000n },
    })

    const error = await failure(client.unary('rotateProviderCredential', reference))
    expect(error).toMatchObject({ code: status.FAILED_PRECONDITION })
    expect(new URLSearchParams(forms[1]).get('refresh_token')).toBe('next')
    const { credentials } = await client.unary('getProviderRefreshStatus', { provider: 'one' })
    expect(credentials).toMatchObject([{ status: 'error', lastError: error.details }])

    const update = { provider: { metadata: { name: 'one' }, credentials: { API_KEY: 'mine' } } }
    expect((await failure(client.unary('updateProvider', update))).code).toBe(status.FAILED_PRECONDITION)
    expect(await client.unary('deleteProviderRefresh', reference)).toMatchObject({ deleted: true })
    expect(await client.unary('deleteProviderRefresh', reference)).toMatchObject({ deleted: false })
    await client.unary('updateProvider', update)
  })

  test('happens by itself before a credential ends', async () => {
    const clock = new TestClock()
    let minted: (() => void) | undefined
    const renewed = new Promise<void>((resolve) => {
      minted = resolve
    })
    await using server = await tokenEndpoint(() => {
      minted?.()
      return [200, { access_token: 'minted', expires_in: 600 }]
    })
    await using setup = await Setup.start({ clock })
    const { client } = setup
    const strategy = ProviderCredentialRefreshStrategy.OAUTH2_CLIENT_CREDENTIALS
    const refresh = { strategy, tokenUrl: server.url }
    await client.unary('importProviderProfiles', {
      profiles: [profile('good', { credentials: [{ name: 'api_key', envVars: ['API_KEY'], refresh }] })],
    })
    await client.unary('createProvider', { provider: provider('one', { type: 'good' }) })
    await client.unary('configureProviderRefresh', {
      provider: 'one',
      credentialKey: 'API_KEY',
      strategy,
      material: { client_id: 'me', client_secret: 'mine' },
      expiresAtMs: BigInt(clock.now() + 600_000),
    })
    clock.skip(301_000)
    await renewed
  })

  test.each([
    [{ provider: '' }, 'provider is required'],
    [{ credentialKey: ' ' }, 'credential_key is required'],
    [{ credentialKey: 'a-b' }, 'credential_key must be a valid environment variable name'],
    [{ strategy: ProviderCredentialRefreshStrategy.UNSPECIFIED }, 'refresh strategy is required'],
    [
      { strategy: ProviderCredentialRefreshStrategy.EXTERNAL },
      "refresh strategy 'external' is not gateway-mintable; update current credentials with provider update instead",
    ],
    [{ secretMaterialKeys: ['x'] }, "secret_material_keys entry 'x' is not present in material"],
    [
      { material: { token_url: 'https://example.com' } },
      'refresh token endpoints must be defined by the provider profile, not material',
    ],
    [{ material: { max_lifetime_seconds: 'soon' } }, 'max_lifetime_seconds material must be an integer'],
  ])('configured with %j is refused', async (fields, details) => {
    await using setup = await Setup.start()
    await setup.client.unary('createProvider', { provider: provider('one') })
    const request = {
      provider: 'one',
      credentialKey: 'API_KEY',
      strategy: ProviderCredentialRefreshStrategy.OAUTH2_CLIENT_CREDENTIALS,
      ...fields,
    }
    const error = await failure(setup.client.unary('configureProviderRefresh', request))
    expect(error).toMatchObject({ code: status.INVALID_ARGUMENT, details })
  })
})
