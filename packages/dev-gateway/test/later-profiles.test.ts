import { randomUUID } from 'node:crypto'
import { status } from '@grpc/grpc-js'
import {
  DeletionOutcome,
  NetworkAccessPreset,
  NetworkTlsMode,
  ProviderCredentialRefreshStrategy,
  type WorkspaceSelector,
} from '@openshell-ts/protocol/v0-1'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../src/clock/gateway-clock.js'
import { LaterSetup, scope } from './later-setup.js'
import { temporaryDirectory } from './temporary-directory.js'
import { failure } from './test-client.js'
import { tokenEndpoint } from './token-endpoint.js'

type Scope = { readonly selection: WorkspaceSelector['selection'] }

const everywhere = { selection: { case: 'allWorkspaces', value: {} } } as unknown as Scope
const inWorkspace = (value: string): Scope => ({ selection: { case: 'workspace', value } })

const refresh = {
  strategy: ProviderCredentialRefreshStrategy.OAUTH2_REFRESH_TOKEN,
  refreshBefore: { seconds: 90n, nanos: 500_000_000 },
  maxLifetime: { seconds: 1_200n },
  material: [{ name: 'refresh_token', required: true, secret: true }],
}
const endpoint = {
  host: 'api.example.com',
  port: 443,
  tls: NetworkTlsMode.TERMINATE,
  access: NetworkAccessPreset.READ_ONLY,
  tokenGrantOwner: 'owner',
}
const item = (id: string, fields: object = {}) => ({
  source: `${id}.yaml`,
  profile: {
    id,
    displayName: id,
    credentials: [{ name: 'api_key', envVars: ['API_KEY'], refresh, stablePlaceholder: true }],
    endpoints: [endpoint],
    files: [{ path: '/etc/key.json', content: '{}', envVar: 'KEY_FILE' }],
    ...fields,
  },
})

async function importAll(setup: LaterSetup, profiles: object[], workspaceScope?: Scope, requestId = '') {
  const request = { profiles, requestId, ...(workspaceScope && { workspaceScope }) }
  return await setup.client.unary('importProviderProfiles', request)
}

test('gateway-client 2: profiles are there when they were imported, and none comes with the gateway', async () => {
  await using setup = await LaterSetup.start()
  expect((await setup.client.unary('listProviderProfiles', {})).profiles).toEqual([])
  const unknown = await failure(setup.client.unary('getProviderProfile', { id: 'openai' }))
  expect(unknown).toMatchObject({ code: status.NOT_FOUND, details: 'provider profile not found' })
})

describe('gateway-client 10: profile calls without a workspace mean the platform', () => {
  test('a workspace sees its own profiles before those of the platform, in pages', async () => {
    await using setup = await LaterSetup.start()
    const { client } = setup
    await importAll(setup, [item('hub'), item('models')])
    await client.unary('createWorkspace', { name: 'team' })
    const shadow = await importAll(setup, [item('hub', { displayName: 'Ours' })], inWorkspace('team'))
    expect(shadow).toMatchObject({ imported: true, diagnostics: [{ severity: 'warning' }] })
    const nameIn = async (workspaceScope?: Scope) => {
      const request = { id: 'hub', ...(workspaceScope && { workspaceScope }) }
      return (await client.unary('getProviderProfile', request)).profile?.displayName
    }
    expect([await nameIn(), await nameIn(scope), await nameIn(inWorkspace('team'))]).toEqual(['hub', 'hub', 'Ours'])
    const list = (pageToken: string) =>
      client.unary('listProviderProfiles', { workspaceScope: inWorkspace('team'), pageSize: 1, pageToken })
    const first = await list('')
    const second = await list(first.nextPageToken)
    expect([...first.profiles, ...second.profiles].map(({ id, scope: where }) => [id, where])).toEqual([
      ['hub', 'workspace'],
      ['models', 'platform'],
    ])
    expect(second.nextPageToken).toBe('')
  })

  test('but not all workspaces at once', async () => {
    await using setup = await LaterSetup.start()
    const refused = await failure(setup.client.unary('listProviderProfiles', { workspaceScope: everywhere }))
    expect(refused.code).toBe(status.INVALID_ARGUMENT)
  })
})

describe('gateway-client 3: a profile in the words of this line', () => {
  test('keeps numbers for words, Durations to the nanosecond, and what only this line has, over a restart', async () => {
    await using directory = await temporaryDirectory()
    const stateDirectory = directory.path
    const first = await LaterSetup.start({ stateDirectory })
    const tokenGrant = { tokenEndpoint: 'https://id.example.com', cacheTtl: { seconds: 30n } }
    const granted = { name: 'grant', tokenGrant, tokenGrantOwners: ['owner'] }
    const [key] = item('hub').profile.credentials
    const { profile } = item('hub', { credentials: [key, granted] })
    const imported = await importAll(first, [{ source: 'hub.yaml', profile }])
    expect(imported.profiles).toMatchObject([{ ...profile, resourceVersion: 1n, source: 'user' }])
    first.client.close()
    await first.gateway.close()
    await using second = await LaterSetup.start({ stateDirectory, driver: first.driver })
    const kept = await second.client.unary('getProviderProfile', { id: 'hub' })
    expect(kept.profile).toEqual(imported.profiles[0])
  })
})

describe('gateway-client 21: diagnostics of profiles are data', () => {
  test('profiles are stored together or not at all, with every problem in the words of this line', async () => {
    await using setup = await LaterSetup.start()
    const negative = { ...refresh, refreshBefore: { seconds: 0n, nanos: -1 } }
    const bad = item('bad', { credentials: [{ name: 'k', refresh: negative }] })
    const refused = await importAll(setup, [item('good'), bad])
    expect(refused).toMatchObject({ imported: false, profiles: [] })
    expect(refused.diagnostics).toMatchObject([
      {
        source: 'bad.yaml',
        profileId: 'bad',
        field: 'credentials.refresh.refresh_before',
        message: 'refresh_before must be greater than or equal to 0',
        severity: 'error',
      },
    ])
    const lint = (profiles: object[]) => setup.client.unary('lintProviderProfiles', { profiles })
    expect([(await lint([item('good')])).valid, (await lint([bad])).valid]).toEqual([true, false])
    expect((await setup.client.unary('listProviderProfiles', {})).profiles).toEqual([])
  })

  test('an import with a request id happens once', async () => {
    await using setup = await LaterSetup.start()
    const requestId = randomUUID()
    const first = await importAll(setup, [item('hub')], undefined, requestId)
    expect(await importAll(setup, [item('hub')], undefined, requestId)).toEqual(first)
    expect(first.imported).toBe(true)
    expect((await importAll(setup, [item('hub')])).imported).toBe(false)
  })
})

test('gateway-client 18: a profile update needs a non-zero version, and the one that the gateway has', async () => {
  await using setup = await LaterSetup.start()
  await importAll(setup, [item('hub')])
  const replace = (expectedResourceVersion: bigint) =>
    setup.client.unary('updateProviderProfiles', {
      id: 'hub',
      profile: item('hub', { displayName: 'New' }),
      expectedResourceVersion,
    })
  expect(await replace(0n)).toMatchObject({ updated: false, diagnostics: [{ field: 'resource_version' }] })
  expect(await replace(1n)).toMatchObject({ updated: true, profile: { displayName: 'New', resourceVersion: 2n } })
  expect((await failure(replace(1n))).code).toBe(status.ABORTED)
})

test('gateway-client 3: a profile is deleted with an outcome, unless a sandbox uses it', async () => {
  await using setup = await LaterSetup.start()
  const { client } = setup
  await importAll(setup, [item('hub')])
  const provider = { metadata: { name: 'one' }, type: 'hub', credentials: { API_KEY: 'x' } }
  await client.unary('createProvider', { workspaceScope: scope, provider })
  await setup.create({ spec: { providers: ['one'] } })
  const remove = (allowMissing: boolean) => client.unary('deleteProviderProfile', { id: 'hub', allowMissing })
  expect((await failure(remove(true))).code).toBe(status.FAILED_PRECONDITION)
  await client.unary('detachSandboxProvider', { workspaceScope: scope, sandbox: 'box', provider: 'one' })
  expect((await remove(false)).outcome).toBe(DeletionOutcome.COMPLETED)
  expect(await failure(remove(false))).toMatchObject({ code: status.NOT_FOUND, details: 'provider profile not found' })
  expect((await remove(true)).outcome).toBe(DeletionOutcome.ALREADY_ABSENT)
})

describe('gateway-client 3 and 4: the refresh of a credential', () => {
  test('is configured, shown, rotated once for a request id, and ended, all with times of this line', async () => {
    const forms: string[] = []
    await using server = await tokenEndpoint((form) => {
      forms.push(form)
      return forms.length === 1 ? [200, { access_token: 'minted', expires_in: 600 }] : [400, {}]
    })
    await using setup = await LaterSetup.start({ clock: { ...systemClock, now: () => 1_000_000 } })
    const { client } = setup
    const declared = { ...refresh, tokenUrl: server.url }
    await importAll(setup, [item('hub', { credentials: [{ name: 'k', envVars: ['API_KEY'], refresh: declared }] })])
    const provider = { metadata: { name: 'one' }, type: 'hub' }
    await client.unary('createProvider', { workspaceScope: scope, provider })
    const reference = { workspaceScope: scope, provider: 'one', credentialKey: 'API_KEY' }
    const configured = await client.unary('configureProviderRefresh', {
      ...reference,
      strategy: refresh.strategy,
      material: { client_id: 'me', refresh_token: 's3cret' },
      expirationTime: { seconds: 2_000n },
    })
    expect(configured.status).toMatchObject({
      provider: 'one',
      credentialKey: 'API_KEY',
      strategy: refresh.strategy,
      status: 'configured',
      expirationTime: { seconds: 2_000n },
      nextRefreshTime: { seconds: 1_910n },
    })
    expect(configured.status?.lastRefreshTime).toBeUndefined()

    const requestId = randomUUID()
    const rotated = await client.unary('rotateProviderCredential', { ...reference, requestId })
    expect(rotated.status).toMatchObject({
      status: 'refreshed',
      expirationTime: { seconds: 1_600n },
      lastRefreshTime: { seconds: 1_000n },
    })
    expect(await client.unary('rotateProviderCredential', { ...reference, requestId })).toEqual(rotated)
    expect(forms).toHaveLength(1)
    expect((await failure(client.unary('rotateProviderCredential', reference))).code).toBe(status.FAILED_PRECONDITION)
    const shown = await client.unary('getProviderRefreshStatus', { workspaceScope: scope, provider: 'one' })
    expect(shown.credentials).toMatchObject([{ status: 'error', lastErrorTime: { seconds: 1_000n } }])

    const end = (allowMissing: boolean) => client.unary('deleteProviderRefresh', { ...reference, allowMissing })
    expect((await end(false)).outcome).toBe(DeletionOutcome.COMPLETED)
    expect((await failure(end(false))).code).toBe(status.NOT_FOUND)
    expect((await end(true)).outcome).toBe(DeletionOutcome.ALREADY_ABSENT)
  })

  test('needs a workspace', async () => {
    await using setup = await LaterSetup.start()
    const refused = await failure(setup.client.unary('getProviderRefreshStatus', { provider: 'one' }))
    expect(refused).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'workspace_scope is required' })
  })
})
