import { credentials, status } from '@grpc/grpc-js'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { DeletionOutcome, OpenShell, ServiceAuthorizationMode, WorkspaceRole } from '@openshell-ts/protocol/v0-1'
import { expect, test } from 'vitest'
import { startDevGateway } from '../src/index.js'
import { LaterSetup, scope } from './later-setup.js'
import { failure } from './test-client.js'

const token = {
  metadata: { name: 'hub', labels: { tier: 'a' } },
  type: 'generic',
  credentials: { KEY: 'hidden-value' },
}

test('gateway-client 3: a provider is kept with times and labels, and never shows its credentials', async () => {
  await using setup = await LaterSetup.start()
  const { client } = setup
  const credentialExpirationTimes = { KEY: { seconds: 1_900_000_000n } }
  const provider = { ...token, credentialExpirationTimes }
  const made = await client.unary('createProvider', { workspaceScope: scope, provider })
  expect(made.provider).toMatchObject({ metadata: { name: 'hub', workspace: 'default' }, credentialExpirationTimes })
  expect(JSON.stringify(made.provider?.credentials)).not.toContain('hidden-value')
  await client.unary('createProvider', { workspaceScope: scope, provider: { ...token, metadata: { name: 'plain' } } })
  const list = async (labelSelector: string) => {
    const { providers } = await client.unary('listProviders', { workspaceScope: scope, labelSelector })
    return providers.map(({ metadata }) => metadata?.name)
  }
  expect([await list(''), await list('tier=a')]).toEqual([['hub', 'plain'], ['hub']])
  const updated = await client.unary('updateProvider', {
    workspaceScope: scope,
    provider: { metadata: { name: 'hub' } },
    clearCredentialExpirationKeys: ['KEY'],
  })
  expect(updated.provider?.credentialExpirationTimes).toEqual({})
  const remove = (allowMissing: boolean) =>
    client.unary('deleteProvider', { workspaceScope: scope, name: 'hub', allowMissing })
  expect((await remove(false)).outcome).toBe(DeletionOutcome.COMPLETED)
  expect(await failure(remove(false))).toMatchObject({ code: status.NOT_FOUND, details: 'provider not found' })
  expect((await remove(true)).outcome).toBe(DeletionOutcome.ALREADY_ABSENT)
})

test('gateway-client 3: providers are attached to a sandbox by name, and listed in pages', async () => {
  await using setup = await LaterSetup.start()
  const { client } = setup
  await setup.create()
  for (const [name, key] of [
    ['one', 'A'],
    ['two', 'B'],
  ] as const) {
    const provider = { metadata: { name }, type: 'generic', credentials: { [key]: 'x' } }
    await client.unary('createProvider', { workspaceScope: scope, provider })
    const attach = { workspaceScope: scope, sandbox: 'box', provider: name }
    expect(await client.unary('attachSandboxProvider', attach)).toMatchObject({ attached: true })
  }
  const list = (pageToken: string) =>
    client.unary('listSandboxProviders', { workspaceScope: scope, sandbox: 'box', pageSize: 1, pageToken })
  const first = await list('')
  const second = await list(first.nextPageToken)
  expect([...first.providers, ...second.providers].map(({ metadata }) => metadata?.name)).toEqual(['one', 'two'])
  expect(second.nextPageToken).toBe('')
  const detach = { workspaceScope: scope, sandbox: 'box', provider: 'one' }
  expect(await client.unary('detachSandboxProvider', detach)).toMatchObject({
    detached: true,
    sandbox: { spec: { providers: ['two'] } },
  })
})

test('gateway-client 3 and 21: a sandbox is created with services, which have URLs by their names', async () => {
  await using setup = await LaterSetup.start()
  const { client, gateway } = setup
  const create = (serviceExposures: object[]) =>
    client.unary('createSandbox', { workspaceScope: scope, name: 'box', spec: {}, serviceExposures } as never)
  expect(await failure(create([{ targetPort: 0 }]))).toMatchObject({ code: status.INVALID_ARGUMENT })
  const authorizationMode = ServiceAuthorizationMode.BEARER_PASSTHROUGH
  const { serviceUrls } = await create([{ targetPort: 80 }, { service: 'api', targetPort: 81, authorizationMode }])
  const end = `openshell.localhost:${gateway.port}/`
  expect(serviceUrls).toEqual({ '': `http://default--box.${end}`, api: `http://default--box--api.${end}` })
  const { services } = await client.unary('listServices', { workspaceScope: scope, sandbox: 'box' })
  expect(services.map(({ endpoint }) => endpoint?.authorizationMode)).toEqual([
    ServiceAuthorizationMode.STRIP,
    authorizationMode,
  ])
  const service = { workspaceScope: scope, sandbox: 'box', name: 'api' }
  expect((await client.unary('getService', service)).endpoint).toMatchObject({
    sandbox: 'box',
    name: 'api',
    targetPort: 81,
  })
  expect((await client.unary('exposeService', { ...service, targetPort: 82 })).endpoint?.targetPort).toBe(82)
  const remove = (allowMissing: boolean) => client.unary('deleteService', { ...service, allowMissing })
  expect((await remove(false)).outcome).toBe(DeletionOutcome.COMPLETED)
  expect((await failure(remove(false))).code).toBe(status.NOT_FOUND)
  expect((await remove(true)).outcome).toBe(DeletionOutcome.ALREADY_ABSENT)
})

test('gateway-client 3: members of a workspace come and go', async () => {
  await using setup = await LaterSetup.start()
  const { client } = setup
  const member = { workspaceScope: scope, principalSubject: 'ada' }
  await client.unary('addWorkspaceMember', { ...member, role: WorkspaceRole.ADMIN })
  const { members } = await client.unary('listWorkspaceMembers', { workspaceScope: scope })
  expect(members).toMatchObject([{ principalSubject: 'ada', role: WorkspaceRole.ADMIN }])
  const remove = (allowMissing: boolean) => client.unary('removeWorkspaceMember', { ...member, allowMissing })
  expect((await remove(false)).outcome).toBe(DeletionOutcome.COMPLETED)
  expect((await failure(remove(false))).code).toBe(status.NOT_FOUND)
  expect((await remove(true)).outcome).toBe(DeletionOutcome.ALREADY_ABSENT)
})

test('driver-contract 17.2: simulated sandboxes need no admission setting of their own', async () => {
  await using gateway = await startDevGateway({ line: '0.1', admission: { allowDriverConfig: true } })
  const client = new GrpcServiceClient(OpenShell, `127.0.0.1:${gateway.port}`, credentials.createInsecure())
  const spec = { template: { driverConfig: { simulated: { size: 1 } } } }
  await client.unary('createSandbox', { workspaceScope: scope, name: 'box', spec })
  client.close()
})
