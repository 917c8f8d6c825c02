import type { MessageInitShape } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import { PolicySource, PolicyStatus, type SandboxPolicySchema, SettingScope } from '@openshell-ts/protocol/v0-0'
import { describe, expect, test } from 'vitest'
import { failure, Setup } from './test-client.js'

const idOf = (sandbox: { metadata?: { id: string } | undefined }) => sandbox.metadata?.id ?? ''
const policy = (host: string): MessageInitShape<typeof SandboxPolicySchema> => ({
  version: 1,
  filesystem: { readOnly: ['/usr'], readWrite: ['/tmp'] },
  networkPolicies: { web: { endpoints: [{ host, port: 443 }] } },
})

describe('the policy of a sandbox', () => {
  test('counts its revisions from 1, and says how each fared', async () => {
    await using setup = await Setup.start()
    const { client } = setup
    const sandbox = await setup.create()
    await using supervisor = await setup.supervise(sandbox)
    const { metadata } = supervisor
    const sandboxId = idOf(sandbox)
    const none = { code: status.NOT_FOUND, details: 'no policy revision found for this sandbox' }
    expect(await failure(client.unary('getSandboxPolicyStatus', { name: 'box' }))).toMatchObject(none)
    const set = (host: string) => client.unary('updateConfig', { name: 'box', policy: policy(host) })
    const first = await set('a.test')
    expect(first).toMatchObject({ version: 1, policyHash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(await set('a.test')).toMatchObject({ version: 1, policyHash: first.policyHash })
    expect(await set('b.test')).toMatchObject({ version: 2 })
    await supervisor.client.unary(
      'reportPolicyStatus',
      { sandboxId, version: 2, status: PolicyStatus.FAILED, loadError: 'bad rule' },
      { metadata },
    )
    expect(await client.unary('getSandboxPolicyStatus', { name: 'box' })).toMatchObject({
      activeVersion: 0,
      revision: { version: 2, status: PolicyStatus.FAILED, loadError: 'bad rule', loadedAtMs: 0n },
    })
    await supervisor.client.unary(
      'reportPolicyStatus',
      { sandboxId, version: 2, status: PolicyStatus.LOADED },
      { metadata },
    )
    const { revisions } = await client.unary('listSandboxPolicies', { name: 'box' })
    expect(revisions.map(({ version, status: shown }) => [version, shown])).toEqual([
      [2, PolicyStatus.LOADED],
      [1, PolicyStatus.SUPERSEDED],
    ])
    expect(revisions[0]?.policy).toBeUndefined()
    const one = await client.unary('getSandboxPolicyStatus', { name: 'box', version: 1 })
    expect(one).toMatchObject({
      activeVersion: 2,
      revision: { policy: { networkPolicies: { web: { endpoints: [{ host: 'a.test' }] } } } },
    })
    const page = await client.unary('listSandboxPolicies', { name: 'box', limit: 1, offset: 1 })
    expect(page.revisions.map(({ version }) => version)).toEqual([1])
  })

  test('that it was created with is revision 1, in force', async () => {
    await using setup = await Setup.start()
    const sandbox = await setup.create({ spec: { policy: policy('a.test') } })
    const config = await setup.client.unary('getSandboxConfig', { sandboxId: idOf(sandbox) })
    expect(config).toMatchObject({ version: 1, policySource: PolicySource.SANDBOX, globalPolicyVersion: 0 })
    const { revision } = await setup.client.unary('getSandboxPolicyStatus', { name: 'box' })
    expect(revision).toMatchObject({ version: 1, status: PolicyStatus.LOADED, policyHash: config.policyHash })
  })

  test('changes by single rules, and the configuration’s number with it', async () => {
    await using setup = await Setup.start()
    const { client } = setup
    const sandbox = await setup.create({ spec: { policy: policy('a.test') } })
    const config = () => client.unary('getSandboxConfig', { sandboxId: idOf(sandbox) })
    const before = await config()
    const rule = { endpoints: [{ host: 'b.test', port: 443 }] }
    const merged = await client.unary('updateConfig', {
      name: 'box',
      mergeOperations: [{ operation: { case: 'addRule', value: { ruleName: 'more', rule } } }],
      annotations: { 'team/why': 'needed' },
    })
    expect(merged).toMatchObject({ version: 2, annotations: { 'team/why': 'needed' } })
    const after = await config()
    expect(Object.keys(after.policy?.networkPolicies ?? {}).sort()).toEqual(['more', 'web'])
    expect(after.configRevision).not.toBe(before.configRevision)
    expect((await setup.get()).metadata?.annotations).toEqual({ 'team/why': 'needed' })
    const { revision } = await client.unary('getSandboxPolicyStatus', { name: 'box' })
    expect(revision?.provenance).toEqual({ 'team/why': 'needed' })
  })

  test('cannot be changed in what is fixed, unsafe or based on something old', async () => {
    await using setup = await Setup.start()
    const { client } = setup
    await setup.create({ spec: { policy: policy('a.test') } })
    const change = (fields: object) => client.unary('updateConfig', { name: 'box', ...fields })
    const fixed = (fields: object) => change({ policy: { ...policy('a.test'), ...fields } })
    const attempts: [() => Promise<unknown>, number, string][] = [
      [() => change({}), status.INVALID_ARGUMENT, 'one of policy, setting_key, or merge_operations must be provided'],
      [
        () => change({ policy: policy('a.test'), settingKey: 'ocsf_json_enabled' }),
        status.INVALID_ARGUMENT,
        'policy, setting_key, and merge_operations are mutually exclusive',
      ],
      [
        () => change({ name: '', policy: policy('a.test') }),
        status.INVALID_ARGUMENT,
        'name is required for sandbox-scoped updates',
      ],
      [() => change({ name: 'ghost', policy: policy('a.test') }), status.NOT_FOUND, 'sandbox not found'],
      [
        () => fixed({ filesystem: { readWrite: ['/tmp'] } }),
        status.INVALID_ARGUMENT,
        "filesystem read_only path '/usr' cannot be removed on a live sandbox",
      ],
      [
        () => fixed({ landlock: { compatibility: 'best_effort' } }),
        status.INVALID_ARGUMENT,
        'landlock policy cannot be changed on a live sandbox (applied at startup)',
      ],
      [
        () => fixed({ filesystem: { readOnly: ['/usr', 'relative', '/a/../b'], readWrite: ['/tmp', '/'] } }),
        status.INVALID_ARGUMENT,
        "policy contains unsafe content: path must be absolute (start with '/'): relative; path contains '..' traversal component: /a/../b; read-write path is overly broad: /",
      ],
      [
        () => fixed({ networkPolicies: { x: { endpoints: [{ host: '*.com', port: 443 }] } } }),
        status.INVALID_ARGUMENT,
        "policy contains unsafe content: network policy 'x': TLD wildcard '*.com' is not allowed; use subdomain wildcards like '*.example.com' instead",
      ],
      [
        () => change({ policy: policy('b.test'), expectedResourceVersion: 9n }),
        status.ABORTED,
        'persist policy revision failed due to concurrent modification (current resource_version: 1)',
      ],
    ]
    for (const [call, code, details] of attempts) expect(await failure(call())).toMatchObject({ code, details })
    const reserved = await failure(fixed({ networkPolicies: { _provider_x: {} } }))
    expect(reserved.details).toContain("network_policies key '_provider_x' uses reserved '_provider_' prefix")
    expect((await setup.get()).metadata?.resourceVersion).toBe(1n)
  })

  test('is refused when it is unsafe at the creation already, before the driver is asked', async () => {
    await using setup = await Setup.start()
    const unsafe = { filesystem: { readWrite: ['/'] } }
    expect(await failure(setup.create({ spec: { policy: unsafe } }))).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: 'policy contains unsafe content: read-write path is overly broad: /',
    })
    expect(setup.driver.callsOf('validateSandboxCreate')).toEqual([])
  })

  test('is told by its own supervisor alone, who may change nothing else', async () => {
    await using setup = await Setup.start()
    const sandbox = await setup.create()
    await setup.create({ name: 'other' })
    await using supervisor = await setup.supervise(sandbox)
    const change = (fields: object) =>
      supervisor.client.unary('updateConfig', { name: 'box', ...fields }, { metadata: supervisor.metadata })
    for (const [fields, details] of [
      [{ global: true, policy: policy('a.test') }, 'sandbox callers cannot mutate global config'],
      [{ deleteSetting: true, settingKey: 'x' }, 'sandbox callers cannot delete settings'],
      [{ settingKey: 'x' }, 'sandbox callers may only perform sandbox policy sync'],
      [{ name: 'other', policy: policy('a.test') }, 'sandbox not found or not owned by caller'],
      [{ name: 'ghost', policy: policy('a.test') }, 'sandbox not found or not owned by caller'],
    ] as const) {
      expect(await failure(change(fields))).toMatchObject({ code: status.PERMISSION_DENIED, details })
    }
    expect(await change({ policy: policy('a.test') })).toMatchObject({ version: 1 })
  })

  test('has a rule for each attached provider, when that is switched on', async () => {
    await using setup = await Setup.start()
    const { client } = setup
    const endpoints = [{ host: 'api.example.com', port: 443 }]
    await client.unary('importProviderProfiles', {
      profiles: [{ source: '', profile: { id: 'good', credentials: [{ name: 'key', envVars: ['KEY'] }], endpoints } }],
    })
    await client.unary('createProvider', {
      provider: { metadata: { name: 'My-One' }, type: 'good', credentials: { KEY: 'x' } },
    })
    const sandbox = await setup.create({ spec: { policy: policy('a.test'), providers: ['My-One'] } })
    const rules = async () => {
      const config = await client.unary('getSandboxConfig', { sandboxId: idOf(sandbox) })
      return config.policy?.networkPolicies ?? {}
    }
    expect(Object.keys(await rules())).toEqual(['web'])
    const value = { value: { case: 'boolValue', value: true } } as const
    await client.unary('updateConfig', { global: true, settingKey: 'providers_v2_enabled', settingValue: value })
    expect(await rules()).toMatchObject({
      _provider_my_one: { endpoints: [{ host: 'api.example.com', providerCredentialed: true }] },
    })
  })
})

describe('the gateway’s own policy', () => {
  test('holds for all sandboxes until it is deleted', async () => {
    await using setup = await Setup.start()
    const { client } = setup
    const sandbox = await setup.create({ spec: { policy: policy('a.test') } })
    const config = () => client.unary('getSandboxConfig', { sandboxId: idOf(sandbox) })
    const set = await client.unary('updateConfig', { global: true, policy: policy('all.test') })
    expect(set).toMatchObject({ version: 1, settingsRevision: 1n })
    expect(await client.unary('updateConfig', { global: true, policy: policy('all.test') })).toMatchObject({
      version: 1,
    })
    expect(await config()).toMatchObject({
      policySource: PolicySource.GLOBAL,
      globalPolicyVersion: 1,
      version: 1,
      policy: { networkPolicies: { web: { endpoints: [{ host: 'all.test' }] } } },
    })
    const own = await failure(client.unary('updateConfig', { name: 'box', policy: policy('b.test') }))
    expect(own).toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: 'policy is managed globally; delete global policy before sandbox policy update',
    })
    const { revision } = await client.unary('getSandboxPolicyStatus', { global: true })
    expect(revision).toMatchObject({ version: 1, status: PolicyStatus.LOADED })
    const deletion = { global: true, settingKey: 'policy', deleteSetting: true }
    expect(await client.unary('updateConfig', deletion)).toMatchObject({ deleted: true, settingsRevision: 2n })
    expect(await client.unary('updateConfig', deletion)).toMatchObject({ deleted: false })
    expect(await config()).toMatchObject({ policySource: PolicySource.SANDBOX, globalPolicyVersion: 0 })
    const { revisions } = await client.unary('listSandboxPolicies', { global: true })
    expect(revisions).toMatchObject([{ version: 1, status: PolicyStatus.SUPERSEDED }])
  })
})

describe('settings', () => {
  const text = (value: string) => ({ value: { case: 'stringValue', value } }) as const
  const flag = (value: boolean) => ({ value: { case: 'boolValue', value } }) as const

  test('of the gateway win over those of a sandbox, and unset ones are listed too', async () => {
    await using setup = await Setup.start()
    const { client } = setup
    const sandbox = await setup.create()
    const settings = async () => (await client.unary('getSandboxConfig', { sandboxId: idOf(sandbox) })).settings
    const update = (fields: object) => client.unary('updateConfig', { settingKey: 'ocsf_json_enabled', ...fields })
    expect(await settings()).toMatchObject({
      ocsf_json_enabled: { scope: SettingScope.UNSPECIFIED },
      proposal_approval_mode: { scope: SettingScope.UNSPECIFIED },
    })
    expect(await update({ name: 'box', settingValue: flag(true) })).toMatchObject({ settingsRevision: 1n })
    expect(await settings()).toMatchObject({ ocsf_json_enabled: { scope: SettingScope.SANDBOX, value: flag(true) } })
    expect(await update({ global: true, settingValue: flag(false) })).toMatchObject({ settingsRevision: 1n })
    expect(await settings()).toMatchObject({ ocsf_json_enabled: { scope: SettingScope.GLOBAL, value: flag(false) } })
    expect(await failure(update({ name: 'box', settingValue: flag(true) }))).toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: "setting 'ocsf_json_enabled' is managed globally; delete the global setting before sandbox update",
    })
    const gateway = await client.unary('getGatewayConfig', {})
    expect(gateway).toMatchObject({ settingsRevision: 1n, settings: { ocsf_json_enabled: flag(false) } })
    expect(gateway.settings['providers_v2_enabled']?.value.case).toBeUndefined()
    expect(await update({ global: true, deleteSetting: true })).toMatchObject({ deleted: true, settingsRevision: 2n })
    expect(await settings()).toMatchObject({ ocsf_json_enabled: { scope: SettingScope.SANDBOX } })
    expect(await update({ name: 'box', deleteSetting: true })).toMatchObject({ deleted: true })
    expect(await update({ name: 'box', deleteSetting: true })).toMatchObject({ deleted: false })
  })

  test('have no keys that JavaScript would bring along', async () => {
    await using setup = await Setup.start()
    await setup.create()
    const request = { name: 'box', settingKey: '__proto__', settingValue: flag(true) }
    const { details } = await failure(setup.client.unary('updateConfig', request as never))
    expect(details).toMatch(/^unknown setting key '__proto__'/)
  })

  test.each([
    [
      { settingKey: 'mine', settingValue: flag(true) },
      "unknown setting key 'mine'. Allowed keys: providers_v2_enabled, ocsf_json_enabled, agent_policy_proposals_enabled, proposal_approval_mode",
    ],
    [{ settingKey: 'ocsf_json_enabled' }, 'setting_value is required'],
    [{ settingKey: 'ocsf_json_enabled', settingValue: {} }, 'setting_value.value is required'],
    [{ settingKey: 'ocsf_json_enabled', settingValue: text('on') }, "setting 'ocsf_json_enabled' expects bool value"],
    [
      { settingKey: 'proposal_approval_mode', settingValue: text('never') },
      "setting 'proposal_approval_mode' expects one of [manual, auto]; got 'never'",
    ],
    [{ settingKey: 'policy', settingValue: flag(true) }, "reserved key 'policy' must be set via the policy field"],
    [{ policy: {}, annotations: { a: 'b' } }, 'annotations are only supported for sandbox-scoped updates'],
  ])('refuse %j', async (fields, details) => {
    await using setup = await Setup.start()
    const error = await failure(setup.client.unary('updateConfig', { global: true, ...fields } as never))
    expect(error).toMatchObject({ code: status.INVALID_ARGUMENT, details })
  })
})
