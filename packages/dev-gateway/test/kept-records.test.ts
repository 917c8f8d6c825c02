import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { credentials } from '@grpc/grpc-js'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { Inference, ProviderCredentialRefreshStrategy, WorkspaceRole } from '@openshell-ts/protocol/v0-0'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Setup } from './test-client.js'
import { TestSupervisor } from './test-supervisor.js'

let stateDirectory = ''
beforeEach(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), 'gw-kept-'))
})
afterEach(() => rm(stateDirectory, { recursive: true, force: true }))

const refresh = {
  provider: 'models',
  credentialKey: 'OPENAI_API_KEY',
  strategy: ProviderCredentialRefreshStrategy.OAUTH2_CLIENT_CREDENTIALS,
  material: { client_id: 'me', client_secret: 's3cret' },
  expiresAtMs: BigInt(Date.UTC(2100, 0)),
}
const rule = { endpoints: [{ host: 'a.test', port: 443 }], binaries: [{ path: '/usr/bin/curl' }] }
const profile = { id: 'own', displayName: 'Own', endpoints: [{ host: 'a.test', port: 443 }] }
const policy = { version: 1, networkPolicies: { web: rule } }

const inferenceOf = ({ gateway }: Setup) =>
  new GrpcServiceClient(Inference, `127.0.0.1:${gateway.port}`, credentials.createInsecure())

/** Makes a record of every kind, and returns its sandbox's id and token. */
async function fill(setup: Setup): Promise<{ sandboxId: string; token: string }> {
  const { client } = setup
  await client.unary('importProviderProfiles', { profiles: [{ source: 'own.yaml', profile }] })
  const provider = { metadata: { name: 'models' }, type: 'openai', credentials: { OPENAI_API_KEY: 's3cret' } }
  await client.unary('createProvider', { provider })
  await client.unary('configureProviderRefresh', refresh)
  await client.unary('addWorkspaceMember', { principalSubject: 'ann', role: WorkspaceRole.ADMIN })
  await client.unary('updateConfig', { global: true, settingKey: 'ocsf_json_enabled', settingValue: boolean(true) })
  const sandbox = await setup.create({ spec: { providers: ['models'], policy } })
  const sandboxId = sandbox.metadata?.id ?? ''
  await client.unary('exposeService', { sandbox: 'box', service: 'web', targetPort: 8080 })
  const inference = inferenceOf(setup)
  await inference.unary('setInferenceRoute', { providerName: 'models', modelId: 'm1', noVerify: true })
  inference.close()
  const token = setup.token(sandboxId)
  await using supervisor = new TestSupervisor(setup.gateway.endpoint, token)
  const proposedChunks = [{ ruleName: 'more', confidence: 0.5, proposedRule: rule }]
  const analysis = { name: 'box', analysisMode: 'agent_authored', proposedChunks }
  await supervisor.client.unary('submitPolicyAnalysis', analysis, { metadata: supervisor.metadata })
  return { sandboxId, token }
}

const boolean = (value: boolean) => ({ value: { case: 'boolValue', value } }) as const

/** Reads every record back, as users and the sandbox see them. */
async function readAll(setup: Setup, { sandboxId, token }: { sandboxId: string; token: string }) {
  const { client } = setup
  const inference = inferenceOf(setup)
  await using supervisor = new TestSupervisor(setup.gateway.endpoint, token)
  const { metadata } = supervisor
  try {
    return {
      draft: await client.unary('getDraftPolicy', { name: 'box' }),
      environment: await supervisor.client.unary('getSandboxProviderEnvironment', { sandboxId }, { metadata }),
      history: await client.unary('getDraftHistory', { name: 'box' }),
      members: await client.unary('listWorkspaceMembers', {}),
      policies: await client.unary('listSandboxPolicies', { name: 'box' }),
      policy: await client.unary('getSandboxConfig', { sandboxId }),
      profiles: await client.unary('listProviderProfiles', {}),
      providers: await client.unary('listProviders', {}),
      refreshes: await client.unary('getProviderRefreshStatus', { provider: 'models' }),
      route: await inference.unary('getInferenceRoute', {}),
      settings: await client.unary('getGatewayConfig', {}),
    }
  } finally {
    inference.close()
  }
}

test('records of every kind outlive the gateway, in files for their owner only', async () => {
  const first = await Setup.start({ stateDirectory })
  const sandbox = await fill(first)
  const before = await readAll(first, sandbox)
  first.client.close()
  await first.gateway.close()
  await using second = await Setup.start({ driver: first.driver, stateDirectory })
  expect(await readAll(second, sandbox)).toEqual(before)
  expect(before.environment.environment).toMatchObject({ OPENAI_API_KEY: expect.any(String) })
  expect(before.draft.chunks).toHaveLength(1)
  expect((await second.client.unary('listServices', {})).services).toMatchObject([{ endpoint: { targetPort: 8080 } }])
  const files = (await readdir(stateDirectory)).filter((name) => name.endsWith('.json'))
  expect(files).toEqual(expect.arrayContaining(['providers.json', 'provider-refreshes.json', 'draft-chunks.json']))
  for (const file of files) expect([file, (await stat(join(stateDirectory, file))).mode & 0o777]).toEqual([file, 0o600])
})
