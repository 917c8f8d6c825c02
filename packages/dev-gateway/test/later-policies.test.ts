import { fromBinary } from '@bufbuild/protobuf'
import { anyUnpack } from '@bufbuild/protobuf/wkt'
import { status } from '@grpc/grpc-js'
import { ErrorInfoSchema, StatusSchema } from '@openshell-ts/protocol/rpc'
import {
  NetworkAccessPreset,
  NetworkEnforcementMode,
  NetworkTlsMode,
  PolicySource,
  PolicyStatus,
  SettingScope,
} from '@openshell-ts/protocol/v0-1'
import { describe, expect, test } from 'vitest'
import { LaterSetup, scope } from './later-setup.js'
import { temporaryDirectory } from './temporary-directory.js'
import { failure } from './test-client.js'

const named = { sandbox: 'box', workspaceScope: scope }
const flag = (value: boolean) => ({ value: { case: 'boolValue', value } }) as const
const endpoint = {
  host: 'a.test',
  port: 443,
  protocol: 'rest',
  tls: NetworkTlsMode.TERMINATE,
  enforcement: NetworkEnforcementMode.AUDIT,
  access: NetworkAccessPreset.READ_ONLY,
  tokenGrantOwner: 'team',
  mcp: { versions: ['2025-06-18'] },
}
const policyOf = (host: string) => ({ version: 1, networkPolicies: { web: { endpoints: [{ ...endpoint, host }] } } })

/** The error info in a refusal's details. */
function infoOf({ metadata }: Awaited<ReturnType<typeof failure>>) {
  const [bytes] = metadata.get('grpc-status-details-bin')
  const { details } = fromBinary(StatusSchema, bytes as Buffer)
  return details.flatMap((any) => anyUnpack(any, ErrorInfoSchema) ?? [])[0]
}

describe('gateway-client 10: the workspace of a configuration call', () => {
  test('may be left out for the gateway itself, and nowhere else', async () => {
    await using setup = await LaterSetup.start()
    const { client } = setup
    await setup.create()
    const setting = { settingKey: 'ocsf_json_enabled', settingValue: flag(true) }
    expect(await client.unary('updateConfig', { global: true, ...setting })).toMatchObject({ settingsRevision: 1n })
    await client.unary('updateConfig', { global: true, policy: policyOf('a.test') })
    expect(await client.unary('getSandboxPolicyStatus', { global: true })).toMatchObject({ revision: { version: 1 } })
    expect((await client.unary('listSandboxPolicies', { global: true })).revisions).toHaveLength(1)
    const failures = await Promise.all(
      [
        client.unary('updateConfig', { sandbox: 'box', ...setting }),
        client.unary('getSandboxPolicyStatus', { sandbox: 'box' }),
        client.unary('listSandboxPolicies', { sandbox: 'box' }),
        client.unary('getDraftPolicy', { sandbox: 'box' }),
        client.unary('getSandboxConfig', { name: 'box' }),
      ].map(failure),
    )
    for (const refusal of failures) {
      expect(refusal).toMatchObject({
        code: status.INVALID_ARGUMENT,
        details: 'workspace_scope is required',
      })
    }
  })
})

describe('gateway-client 3: policies', () => {
  test('say in numbers what line 0.0 says in words, and keep what only this line has over a restart', async () => {
    await using directory = await temporaryDirectory()
    await using setup = await LaterSetup.start({ stateDirectory: directory.path })
    await setup.create({ spec: { policy: policyOf('a.test') } } as never)
    await setup.client.unary('updateConfig', { ...named, policy: policyOf('b.test') })
    await setup.gateway.restart()
    const { revision } = await setup.client.unary('getSandboxPolicyStatus', named)
    expect(revision?.policy).toMatchObject(policyOf('b.test'))
    expect((await setup.get()).spec?.policy).toMatchObject(policyOf('a.test'))
    const config = await setup.client.unary('getSandboxConfig', { name: 'box', workspaceScope: scope })
    expect(config.policy).toMatchObject(policyOf('b.test'))
    expect(config).toMatchObject({ version: 2, policySource: PolicySource.SANDBOX, policyHash: revision?.policyHash })
  })

  test('are listed in pages of tokens with times, and fare as their supervisor says', async () => {
    await using setup = await LaterSetup.start()
    const { client } = setup
    const sandbox = await setup.create({ spec: { policy: policyOf('a.test') } } as never)
    await using supervisor = await setup.supervise(sandbox)
    await client.unary('updateConfig', { ...named, policy: policyOf('b.test') })
    const report = { sandboxId: sandbox.metadata?.id ?? '', version: 2, status: PolicyStatus.LOADED as number }
    await supervisor.client.unary('reportPolicyStatus', report, { metadata: supervisor.metadata })
    const first = await client.unary('listSandboxPolicies', { ...named, pageSize: 1 })
    const second = await client.unary('listSandboxPolicies', { ...named, pageToken: first.nextPageToken })
    const now = { seconds: expect.any(BigInt) }
    expect([...first.revisions, ...second.revisions]).toMatchObject([
      { version: 2, status: PolicyStatus.LOADED, createdTime: now, loadedTime: now },
      { version: 1, status: PolicyStatus.SUPERSEDED, createdTime: now },
    ])
    expect(second.nextPageToken).toBe('')
    expect((await client.unary('getSandboxPolicyStatus', named)).activeVersion).toBe(2)
  })

  test('take rules for the endpoint that is named by its rule, its ports and its path', async () => {
    await using setup = await LaterSetup.start()
    const { client } = setup
    const networkPolicies = {
      other: { endpoints: [endpoint] },
      web: { endpoints: [{ ...endpoint, path: '/v1' }], binaries: [{ path: '/usr/bin/curl' }] },
    }
    await setup.create({ spec: { policy: { networkPolicies } } } as never)
    const denyRules = [{ method: 'DELETE', path: '/**' }]
    const merge = (target: object) => {
      const operation = {
        case: 'addDenyRules',
        value: { target: { host: 'a.test', ports: [443], ...target }, denyRules },
      }
      return client.unary('updateConfig', { ...named, mergeOperations: [{ operation }] } as never)
    }
    expect(await failure(merge({ ports: [] }))).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details:
        'merge_operations[0].add_deny_rules requires target.host, non-zero target.ports, and at least one deny rule',
    })
    for (const target of [{ ruleName: 'ghost' }, { path: '/v2' }, { binaries: [{ path: '/usr/bin/wget' }] }]) {
      expect(await failure(merge(target))).toMatchObject({
        code: status.FAILED_PRECONDITION,
        details: 'endpoint a.test:443 was not found in the current policy',
      })
    }
    await merge({ ruleName: 'web', path: '/v1', binaries: [{ path: '/usr/bin/curl' }] })
    const { policy } = await client.unary('getSandboxConfig', { name: 'box', workspaceScope: scope })
    expect(policy?.networkPolicies['web']?.endpoints[0]?.denyRules).toMatchObject(denyRules)
    expect(policy?.networkPolicies['other']?.endpoints[0]?.denyRules).toEqual([])
  })
})

test('gateway-client 18: a write of something old is ABORTED with what to do and the present version', async () => {
  await using setup = await LaterSetup.start()
  await setup.create()
  const stale = { ...named, policy: policyOf('a.test'), expectedResourceVersion: 9n }
  const refused = await failure(setup.client.unary('updateConfig', stale))
  expect(refused.code).toBe(status.ABORTED)
  expect(infoOf(refused)).toMatchObject({
    reason: 'RESOURCE_VERSION_CONFLICT',
    domain: 'openshell.nvidia.com',
    metadata: { recovery: 'REFRESH_STATE', current_resource_version: '1' },
  })
})

test('gateway-client 21: settings of the gateway win over those of a sandbox', async () => {
  await using setup = await LaterSetup.start()
  const { client } = setup
  await setup.create()
  const key = 'ocsf_json_enabled'
  const set = (fields: object) => client.unary('updateConfig', { settingKey: key, ...fields })
  await set({ ...named, settingValue: flag(true) })
  const read = async () => {
    const { settings, settingsRevision } = await client.unary('getSandboxConfig', {
      name: 'box',
      workspaceScope: scope,
    })
    return { ...settings[key], settingsRevision }
  }
  expect(await read()).toMatchObject({ scope: SettingScope.SANDBOX, value: flag(true) })
  await set({ global: true, settingValue: flag(false) })
  expect(await read()).toMatchObject({ scope: SettingScope.GLOBAL, value: flag(false) })
  expect((await client.unary('getGatewayConfig', {})).settings[key]).toMatchObject(flag(false))
  expect(await set({ global: true, deleteSetting: true })).toMatchObject({ deleted: true })
  expect(await read()).toMatchObject({ scope: SettingScope.SANDBOX })
})

describe('gateway-client 21: drafts', () => {
  const chunk = (ruleName: string, host: string) => ({
    ruleName,
    confidence: 0.8,
    firstSeenTime: { seconds: 1_800_000_000n },
    proposedRule: { endpoints: [{ ...endpoint, host }], binaries: [{ path: `/usr/bin/${ruleName}` }] },
  })

  test('are proposed, decided with review tokens, undone, cleared and remembered', async () => {
    await using setup = await LaterSetup.start()
    const { client } = setup
    const sandbox = await setup.create()
    const supervisor = setup.asSupervisor(sandbox)
    const submit = async (...proposedChunks: object[]) => {
      const request = { name: 'box', analysisMode: 'agent_authored', proposedChunks } as never
      return (await client.unary('submitPolicyAnalysis', request, supervisor)).acceptedChunkIds
    }
    const [good = '', other = ''] = await submit(
      chunk('good', 'a.test'),
      chunk('other', 'b.test'),
      chunk('more', 'c.test'),
    )
    const draft = () => client.unary('getDraftPolicy', named)
    const [seen] = (await draft()).chunks
    expect(seen).toMatchObject({
      status: 'pending',
      proposedRule: { endpoints: [{ tls: NetworkTlsMode.TERMINATE, tokenGrantOwner: 'team' }] },
      firstSeenTime: { seconds: 1_800_000_000n },
      createdTime: { seconds: expect.any(BigInt) },
    })
    const proposedRule = chunk('good', 'd.test').proposedRule
    await client.unary('editDraftChunk', { ...named, chunkId: good, proposedRule } as never)
    const approve = (reviewToken = '') => client.unary('approveDraftChunk', { ...named, chunkId: good, reviewToken })
    expect((await failure(approve(seen?.reviewToken))).code).toBe(status.FAILED_PRECONDITION)
    expect(await approve((await draft()).chunks[0]?.reviewToken)).toMatchObject({ policyVersion: 1 })
    expect(await client.unary('undoDraftChunk', { ...named, chunkId: good })).toMatchObject({ policyVersion: 2 })
    await client.unary('rejectDraftChunk', { ...named, chunkId: good, reason: 'too wide' })
    const reviewToken = (await draft()).chunks[1]?.reviewToken ?? ''
    const approvals = [{ chunkId: other, reviewToken }]
    expect(await client.unary('approveAllDraftChunks', { ...named, approvals })).toMatchObject({ chunksApproved: 1 })
    expect(await client.unary('clearDraftChunks', named)).toMatchObject({ chunksCleared: 1 })
    const { entries } = await client.unary('getDraftHistory', named)
    expect(entries.map(({ eventType, eventTime }) => [eventType, typeof eventTime?.seconds])).toEqual([
      ['proposed', 'bigint'],
      ['proposed', 'bigint'],
      ['rejected', 'bigint'],
      ['approved', 'bigint'],
    ])
  })

  test('of others are nothing to a supervisor', async () => {
    await using setup = await LaterSetup.start()
    const sandbox = await setup.create()
    await setup.create({ name: 'other' })
    const supervisor = setup.asSupervisor(sandbox)
    const { client } = setup
    const failures = await Promise.all(
      [
        client.unary('submitPolicyAnalysis', { name: 'other' }, supervisor),
        client.unary('getDraftPolicy', { sandbox: 'other' }, supervisor),
        client.unary('updateConfig', { sandbox: 'other', policy: policyOf('a.test') }, supervisor),
      ].map(failure),
    )
    for (const refusal of failures) {
      expect(refusal).toMatchObject({
        code: status.PERMISSION_DENIED,
        details: 'sandbox not found or not owned by caller',
      })
    }
  })
})
