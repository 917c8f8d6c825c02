import { status } from '@grpc/grpc-js'
import { EndpointResult } from '@openshell-ts/protocol/v0-1'
import { describe, expect, test } from 'vitest'
import { TestClock } from '../src/index.js'
import { LaterSetup, scope } from './later-setup.js'
import { ReportingSupervisor } from './reporting-supervisor.js'
import { failure } from './test-client.js'

describe('supervisor 9: GetSandboxProviderEnvironment', () => {
  test('brings variables, files and placeholders of attached providers to the sandbox alone', async () => {
    await using setup = await LaterSetup.start()
    const profile = {
      id: 'hub',
      credentials: [
        { name: 'a', envVars: ['KEY'], stablePlaceholder: true },
        { name: 'b', envVars: ['OTHER'] },
        { name: 'granted', tokenGrant: { tokenEndpoint: 'https://id.example.com', cacheTtl: { seconds: 9n } } },
      ],
      endpoints: [{ host: 'api.example.com', ports: [443, 8443] }],
      files: [{ path: '/etc/key.json', content: '{}', envVar: 'KEY_FILE' }],
    }
    await setup.client.unary('importProviderProfiles', { profiles: [{ source: 'hub.yaml', profile }] })
    const credentialExpirationTimes = { KEY: { seconds: 4_000_000_000n } }
    const credentials = { KEY: 's3cret', OTHER: 'x', UNDECLARED: 'y' }
    const provider = { metadata: { name: 'one' }, type: 'hub', credentials, credentialExpirationTimes }
    await setup.client.unary('createProvider', { workspaceScope: scope, provider })
    await using supervisor = await ReportingSupervisor.connect(
      setup,
      await setup.create({ spec: { providers: ['one'] } }),
    )
    const config = await setup.client.unary('getSandboxConfig', { workspaceScope: scope, name: 'box' })
    const bindings = { supportsStaticCredentialBindings: true, supportsStablePlaceholderEnvironmentKeys: true }
    const answer = await supervisor.environment(bindings)
    expect(answer).toMatchObject({
      environment: { KEY: 's3cret', OTHER: 'x', KEY_FILE: '/etc/key.json' },
      nonSecretEnvironmentKeys: ['KEY_FILE'],
      files: { '/etc/key.json': '{}' },
      credentialExpirationTimes,
      providerEnvRevision: config.providerEnvRevision,
      policyHash: config.policyHash,
      stablePlaceholderEnvironmentKeys: ['KEY'],
      supportsStablePlaceholderEnvironmentKeys: true,
      dynamicCredentials: { granted: { tokenGrant: { cacheTtl: { seconds: 9n } } } },
      staticCredentialBindings: {
        KEY: {
          endpoints: [
            { host: 'api.example.com', port: 443 },
            { host: 'api.example.com', port: 8443 },
          ],
        },
      },
    })
    expect(Object.keys(answer.environment)).not.toContain('UNDECLARED')
    const plain = await supervisor.environment()
    expect([plain.staticCredentialBindings, plain.stablePlaceholderEnvironmentKeys]).toEqual([{}, []])
  })
})

test('supervisor 9: a sandbox without providers gets an empty environment', async () => {
  await using setup = await LaterSetup.start()
  await using supervisor = await ReportingSupervisor.connect(setup, await setup.create())
  expect(await supervisor.environment()).toMatchObject({ environment: {}, files: {}, providerEnvRevision: 0n })
})

test('supervisor 1: a supervisor asks for and reports on its own sandbox alone', async () => {
  await using setup = await LaterSetup.start()
  const sandboxId = (await setup.create({ name: 'other' })).metadata?.id ?? ''
  await using supervisor = await ReportingSupervisor.connect(setup, await setup.create())
  const refused = [
    await failure(supervisor.environment({ sandboxId })),
    await failure(supervisor.reportEndpoints({ sandboxId })),
    await failure(supervisor.reportReadiness({ sandboxId, observation: {} })),
  ]
  const details = 'cross-sandbox access denied: principal does not own this sandbox'
  for (const error of refused) expect(error).toMatchObject({ code: status.PERMISSION_DENIED, details })
})

describe('gateway-client 3: endpoint_statuses', () => {
  const endpoints = [{ host: 'api.example.com', ports: [443, 8443], path: '/v1' }]
  const policy = { version: 1, networkPolicies: { web: { endpoints, binaries: [{ path: '/usr/bin/curl' }] } } }
  const known = 'api.example.com:443,8443/v1'

  test('show what the supervisor reports about the policy in force', async () => {
    const clock = new TestClock()
    await using setup = await LaterSetup.start({ clock })
    const sandbox = await setup.create({ spec: { policy } })
    await using supervisor = await ReportingSupervisor.connect(setup, sandbox)
    const { policyHash } = await setup.client.unary('getSandboxConfig', { workspaceScope: scope, name: 'box' })
    const lastFailure = { destinationHost: 'id.example.com', destinationPort: 443, failure: { code: 'denied' } }
    await supervisor.reportEndpoints({
      policyHash,
      reportSequence: 2n,
      observations: [
        { endpointId: known, result: EndpointResult.TLS_FAILED, failure: { code: 'x', upstreamHttpStatus: 0 } },
      ],
      observedEndpointIds: [known, 'opaque'],
      tokenGrantStatus: { lastFailure },
    })
    const first = (await setup.get()).status
    expect(first).toMatchObject({
      endpointStatuses: [
        {
          endpointId: known,
          host: 'api.example.com',
          ports: [443, 8443],
          path: '/v1',
          lastResult: EndpointResult.TLS_FAILED,
          lastFailure: { code: 'x', upstreamHttpStatus: 0 },
        },
        { endpointId: 'opaque', host: '', ports: [], lastResult: EndpointResult.NO_OBSERVED_EXCHANGE },
      ],
      lastTokenGrantFailure: lastFailure,
    })
    expect(first?.endpointStatuses[0]?.lastReportedTime).toBeDefined()

    const ok = [{ endpointId: known, result: EndpointResult.HTTP_RESPONSE_RECEIVED }]
    await supervisor.reportEndpoints({ policyHash, reportSequence: 1n, observations: ok })
    await supervisor.reportEndpoints({ policyHash: 'older', reportSequence: 3n, observations: ok })
    expect((await setup.get()).status?.endpointStatuses).toEqual(first?.endpointStatuses)
    await supervisor.reportEndpoints({ policyHash, reportSequence: 4n, observations: ok, observedEndpointIds: [known] })
    const [last, ...others] = (await setup.get()).status?.endpointStatuses ?? []
    expect([last?.lastResult, last?.lastFailure, others]).toEqual([
      EndpointResult.HTTP_RESPONSE_RECEIVED,
      undefined,
      [],
    ])
  })

  test('are taken from the current session alone, and for endpoints that have ids', async () => {
    await using setup = await LaterSetup.start()
    await using supervisor = await ReportingSupervisor.connect(setup, await setup.create())
    const codes = async (report: object) => (await failure(supervisor.reportEndpoints(report))).code
    expect(await codes({ supervisorSessionId: 'another' })).toBe(status.FAILED_PRECONDITION)
    expect(await codes({ supervisorSessionId: '' })).toBe(status.INVALID_ARGUMENT)
    expect(await codes({ reportSequence: 1n, observations: [{ endpointId: '' }] })).toBe(status.INVALID_ARGUMENT)
  })
})
