import { toBinary } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import { ListProvidersResponseSchema, ProviderResponseSchema } from '@openshell-ts/protocol/v0-0'
import { describe, expect, test } from 'vitest'
import { DriverRefusal } from './scripted-driver.js'
import { failure, Setup } from './test-client.js'

const marked = 's3cret-value'
const idOf = (sandbox: { metadata?: { id: string } | undefined }) => sandbox.metadata?.id ?? ''
const provider = (name: string, fields: object = {}) => ({
  metadata: { name },
  type: 'generic',
  credentials: { API_KEY: marked },
  ...fields,
})

describe('a provider', () => {
  test('shows the names of its credentials and never their values', async () => {
    await using setup = await Setup.start()
    const created = await setup.client.unary('createProvider', { provider: provider('one') })
    const listed = await setup.client.unary('listProviders', {})
    const updated = await setup.client.unary('updateProvider', { provider: provider('one', { config: { url: 'u' } }) })
    const bytes = [
      toBinary(ProviderResponseSchema, created),
      toBinary(ListProvidersResponseSchema, listed),
      toBinary(ProviderResponseSchema, updated),
    ]
    expect(bytes.some((message) => Buffer.from(message).includes(marked))).toBe(false)
    expect(created.provider?.credentials).toEqual({ API_KEY: 'REDACTED' })
    expect(created.provider?.metadata).toMatchObject({ name: 'one', workspace: 'default', resourceVersion: 1n })
    expect(updated.provider?.config).toEqual({ url: 'u' })
  })

  test('may end as late as the wire can say', async () => {
    await using setup = await Setup.start()
    const credentialExpiresAtMs = { API_KEY: 2n ** 63n - 1n }
    await setup.client.unary('createProvider', { provider: provider('one', { credentialExpiresAtMs }) })
    const { providers } = await setup.client.unary('listProviders', {})
    expect(providers[0]?.credentialExpiresAtMs['API_KEY']).toBeGreaterThanOrEqual(2n ** 53n - 1n)
  })

  test('takes entries out that an update empties, and keeps the others', async () => {
    await using setup = await Setup.start()
    const two = provider('one', { credentials: { A: '1', B: '2' }, config: { x: '1' } })
    await setup.client.unary('createProvider', { provider: two })
    const { provider: updated } = await setup.client.unary('updateProvider', {
      provider: { metadata: { name: 'one' }, credentials: { A: '', C: '3' }, config: { y: '2' } },
      credentialExpiresAtMs: { B: 5n },
    })
    expect(Object.keys(updated?.credentials ?? {}).sort()).toEqual(['B', 'C'])
    expect(updated).toMatchObject({ config: { x: '1', y: '2' }, credentialExpiresAtMs: { B: 5n }, type: 'generic' })
  })

  test.each([
    [{ type: ' ' }, status.INVALID_ARGUMENT, 'provider.type is required'],
    [{ credentials: {} }, status.INVALID_ARGUMENT, 'provider.credentials must not be empty'],
    [{ type: 't'.repeat(65) }, status.INVALID_ARGUMENT, 'provider.type exceeds maximum length (65 > 64)'],
    [
      { credentials: Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`K${index}`, 'v'])) },
      status.INVALID_ARGUMENT,
      'provider.credentials exceeds maximum entries (33 > 32)',
    ],
    [
      { profileWorkspace: 'elsewhere' },
      status.INVALID_ARGUMENT,
      'profile_workspace must be empty (global) or match the provider workspace',
    ],
    [
      { credentialHandles: { A: { driver: 'd', handle: 'h' } } },
      status.INVALID_ARGUMENT,
      'provider.credential_handles is internal gateway state and cannot be supplied',
    ],
  ])('with %j is refused', async (fields, code, details) => {
    await using setup = await Setup.start()
    const error = await failure(setup.client.unary('createProvider', { provider: provider('one', fields) }))
    expect(error).toMatchObject({ code, details })
    expect((await setup.client.unary('listProviders', {})).providers).toEqual([])
  })

  test('is changed and deleted by the rules', async () => {
    await using setup = await Setup.start()
    const { client } = setup
    await client.unary('createProvider', { provider: provider('one') })
    await client.unary('createWorkspace', { name: 'team' })
    await client.unary('createProvider', { provider: provider('one'), workspace: 'team' })
    const attempts: [() => Promise<unknown>, number, string][] = [
      [
        () => client.unary('createProvider', { provider: provider('one') }),
        status.ALREADY_EXISTS,
        'provider already exists',
      ],
      [() => client.unary('createProvider', {}), status.INVALID_ARGUMENT, 'provider is required'],
      [() => client.unary('getProvider', { name: 'two' }), status.NOT_FOUND, 'provider not found'],
      [() => client.unary('getProvider', {}), status.INVALID_ARGUMENT, 'name is required'],
      [
        () => client.unary('updateProvider', { provider: { metadata: { name: 'one' }, type: 'other' } }),
        status.INVALID_ARGUMENT,
        'provider type cannot be changed; delete and recreate the provider',
      ],
      [
        () => client.unary('updateProvider', { provider: { metadata: { name: 'one', resourceVersion: 7n } } }),
        status.ABORTED,
        'provider was modified concurrently (current resource_version: 1)',
      ],
      [
        () => client.unary('listProviders', { allWorkspaces: true, workspace: 'team' }),
        status.INVALID_ARGUMENT,
        'all_workspaces and workspace are mutually exclusive',
      ],
      [
        () => client.unary('deleteWorkspace', { name: 'team' }),
        status.FAILED_PRECONDITION,
        "workspace 'team' still contains resources: provider",
      ],
    ]
    for (const [call, code, details] of attempts) expect(await failure(call())).toMatchObject({ code, details })
    expect((await client.unary('listProviders', { allWorkspaces: true })).providers).toHaveLength(2)
    expect(await client.unary('deleteProvider', { name: 'one' })).toMatchObject({ deleted: true })
    expect(await client.unary('deleteProvider', { name: 'one' })).toMatchObject({ deleted: false })
  })

  test('without a name gets one', async () => {
    await using setup = await Setup.start()
    const { provider: made } = await setup.client.unary('createProvider', { provider: provider('') })
    expect(made?.metadata?.name).toMatch(/^[a-z]+-[a-z]+$/)
  })

  test('is not stored when the driver cannot prepare the workspace, whose error passes as it is', async () => {
    await using setup = await Setup.start()
    setup.driver.replies.ensureWorkspace = () => {
      throw new DriverRefusal(status.RESOURCE_EXHAUSTED, 'no more namespaces')
    }
    const error = await failure(setup.client.unary('createProvider', { provider: provider('one') }))
    expect(error).toMatchObject({ code: status.RESOURCE_EXHAUSTED, details: 'no more namespaces' })
    expect((await setup.client.unary('listProviders', {})).providers).toEqual([])
  })
})

describe('an attached provider', () => {
  test('brings its credentials into the sandbox, and takes them along', async () => {
    await using setup = await Setup.start()
    const { client } = setup
    const later = BigInt(Date.now() + 3_600_000)
    await client.unary('createProvider', {
      provider: provider('one', {
        credentials: { API_KEY: marked, OLD: 'x', 'not-a-variable': 'y' },
        credentialExpiresAtMs: { API_KEY: later, OLD: 1n },
      }),
    })
    const block = { driverConfig: { acme: { size: 1 } } }
    const sandbox = await setup.create({ spec: { providers: ['one'], template: block } })
    await using supervisor = await setup.supervise(sandbox)
    const options = { metadata: supervisor.metadata }
    const request = { sandboxId: idOf(sandbox) }
    const attached = await supervisor.client.unary('getSandboxProviderEnvironment', request, options)
    expect(attached.environment).toEqual({ API_KEY: marked })
    expect(attached.credentialExpiresAtMs).toEqual({ API_KEY: later })
    const config = await supervisor.client.unary('getSandboxConfig', request, options)
    expect(config.providerEnvRevision).toBe(attached.providerEnvRevision)

    await client.unary('updateProvider', { provider: provider('one', { credentials: { API_KEY: 'new' } }) })
    const changed = await supervisor.client.unary('getSandboxProviderEnvironment', request, options)
    expect(changed.environment).toEqual({ API_KEY: 'new' })
    expect(changed.providerEnvRevision).not.toBe(attached.providerEnvRevision)

    const names = { sandboxName: 'box', providerName: 'one' }
    const detached = await client.unary('detachSandboxProvider', names)
    expect(detached).toMatchObject({ detached: true })
    expect(detached.sandbox?.spec?.template?.driverConfig).toEqual(block.driverConfig)
    expect(await client.unary('detachSandboxProvider', names)).toMatchObject({ detached: false })
    const gone = await supervisor.client.unary('getSandboxProviderEnvironment', request, options)
    expect(gone.environment).toEqual({})
  })

  test('is attached once, and named by what refuses', async () => {
    await using setup = await Setup.start()
    const { client } = setup
    await client.unary('createProvider', { provider: provider('one') })
    await client.unary('createProvider', { provider: provider('same-key') })
    await setup.create()
    const attach = (providerName: string, expectedResourceVersion = 0n) =>
      client.unary('attachSandboxProvider', { sandboxName: 'box', providerName, expectedResourceVersion })
    expect(await attach('one')).toMatchObject({ attached: true })
    expect(await attach('one')).toMatchObject({ attached: false })
    const { providers } = await client.unary('listSandboxProviders', { sandboxName: 'box' })
    expect(providers.map(({ metadata }) => metadata?.name)).toEqual(['one'])
    const attempts: [() => Promise<unknown>, number, string][] = [
      [() => attach(''), status.INVALID_ARGUMENT, 'provider_name is required'],
      [() => attach('ghost'), status.FAILED_PRECONDITION, "provider 'ghost' not found"],
      [
        () => attach('same-key'),
        status.FAILED_PRECONDITION,
        "credential env key 'API_KEY' is provided by both provider 'one' and provider 'same-key'; use provider-specific env names",
      ],
      [
        () =>
          client.unary('detachSandboxProvider', {
            sandboxName: 'box',
            providerName: 'one',
            expectedResourceVersion: 1n,
          }),
        status.ABORTED,
        'detach sandbox provider failed due to concurrent modification (current resource_version: 2)',
      ],
      [() => client.unary('listSandboxProviders', {}), status.INVALID_ARGUMENT, 'sandbox_name is required'],
      [
        () => client.unary('deleteProvider', { name: 'one' }),
        status.FAILED_PRECONDITION,
        "provider 'one' is attached to sandbox(es): box",
      ],
    ]
    for (const [call, code, details] of attempts) expect(await failure(call())).toMatchObject({ code, details })
  })
})
