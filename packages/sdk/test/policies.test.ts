import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox, SandboxPolicy } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, type LineGateway, startLineGateway } from './line-gateway.js'
import { SilentSupervisors } from './silent-supervisors.js'

const policyFor = (host: string): SandboxPolicy => ({
  version: 1,
  networkPolicies: {
    web: {
      name: 'web',
      endpoints: [{ host, port: 443, protocol: 'rest', tls: 'terminate', enforcement: 'enforce', access: 'read-only' }],
      binaries: [{ path: '/usr/bin/curl' }],
    },
  },
})

describe.each(LINES)('policies on line %s', (line) => {
  const supervisors = new SilentSupervisors()
  let stack: LineGateway
  beforeAll(async () => {
    stack = await startLineGateway(line, { gateway: { drivers: [supervisors.driver] } })
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  const create = (name: string, policy?: SandboxPolicy): Promise<Sandbox> =>
    stack.client.sandboxes.create({ name, ...(policy ? { policy } : {}) }, { waitReady: false })

  test('sets a policy, reads it back as it was written, and keeps its history', async () => {
    await using sandbox = await create('writer')
    expect(await sandbox.policy.get()).toBeUndefined()
    expect(await sandbox.policy.set(policyFor('a.example'))).toMatchObject({ version: 1 })
    const { version, hash } = await sandbox.policy.set(policyFor('b.example'))
    expect(version).toBe(2)
    expect(await sandbox.policy.get()).toEqual(policyFor('b.example'))
    expect(await sandbox.policy.status({ version: 1 })).toMatchObject({ revision: { policy: policyFor('a.example') } })
    const history = await stack.client.policies.of('writer').history({ pageSize: 1 }).toArray()
    expect(history.map((revision) => [revision.version, revision.policy])).toEqual([
      [2, undefined],
      [1, undefined],
    ])
    expect(history[0]?.hash).toBe(hash)
  })

  test('creates a sandbox with a policy', async () => {
    await using sandbox = await create('born', policyFor('a.example'))
    await sandbox.policy.merge([{ type: 'remove-rule', ruleName: 'web' }])
    expect((await sandbox.policy.get())?.networkPolicies).toBeUndefined()
  })

  test('waits until the sandbox has taken a policy, and says why it could not', async () => {
    await using sandbox = await create('taker')
    const first = await sandbox.policy.set(policyFor('a.example'))
    const loaded = sandbox.policy.waitLoaded(first.version, { timeoutMs: 20_000 })
    await supervisors.reportPolicy(sandbox, first.version)
    expect(await loaded).toMatchObject({ status: 'loaded', loadedAt: expect.any(Date) })
    expect(await sandbox.policy.status()).toMatchObject({ activeVersion: first.version })
    const second = await sandbox.policy.set(policyFor('b.example'))
    await supervisors.reportPolicy(sandbox, second.version, 'no such host')
    const failed = await failureOf(sandbox.policy.waitLoaded(second.version))
    expect(failed).toMatchObject({ kind: 'wait-failed', sandboxName: 'taker' })
    expect(failed.message).toContain('no such host')
    const late = await sandbox.policy.set(policyFor('c.example'))
    const abort = new AbortController()
    const aborted = failureOf(sandbox.policy.waitLoaded(late.version, { signal: abort.signal }))
    abort.abort()
    expect(await aborted).toMatchObject({ kind: 'aborted' })
    const timeout = await failureOf(sandbox.policy.waitLoaded(late.version, { timeoutMs: 1 }))
    expect(timeout).toMatchObject({ kind: 'timeout', message: expect.stringContaining('timeoutMs: 1') })
  })

  test('changes single rules and leaves the others', async () => {
    await using sandbox = await create('merger', policyFor('a.example'))
    const target = { host: 'a.example', port: 443 }
    await sandbox.policy.merge([
      { type: 'add-rule', ruleName: 'docs', rule: { endpoints: [{ host: 'docs.example', port: 443 }] } },
      { type: 'add-allow-rules', target, allow: [{ method: 'POST', path: '/v1/**' }] },
      { type: 'add-deny-rules', target, deny: [{ method: 'GET', path: '/secret/**' }] },
    ])
    const { networkPolicies = {} } = (await sandbox.policy.get()) ?? {}
    expect(Object.keys(networkPolicies).sort()).toEqual(['docs', 'web'])
    const [endpoint] = networkPolicies['web']?.endpoints ?? []
    expect(endpoint?.rules).toContainEqual({ allow: { method: 'POST', path: '/v1/**' } })
    expect(endpoint?.denyRules).toEqual([{ method: 'GET', path: '/secret/**' }])
    await sandbox.policy.merge([
      { type: 'remove-binary', ruleName: 'web', binaryPath: '/usr/bin/curl' },
      { type: 'remove-endpoint', ruleName: 'docs', host: 'docs.example', port: 443 },
    ])
    expect((await sandbox.policy.get())?.networkPolicies).toBeUndefined()
  })

  test('refuses what another has changed, and what the line does not know', async () => {
    await using sandbox = await create('guarded')
    const stale = { expectedResourceVersion: '999' }
    expect(await failureOf(sandbox.policy.set(policyFor('a.example'), stale))).toMatchObject({ kind: 'conflict' })
    const wrong = { networkPolices: {} } as SandboxPolicy
    const error = await failureOf(sandbox.policy.set(wrong))
    expect(error.violations).toEqual([
      expect.objectContaining({ field: 'policy.networkPolices', reason: 'UNKNOWN_FIELD' }),
    ])
    expect(error.message).toContain('did you mean "networkPolicies"?')
    const target = { host: 'a.example', port: 443, ruleName: 'web' }
    const merging = failureOf(sandbox.policy.merge([{ type: 'add-deny-rules', target, deny: [{ method: 'GET' }] }]))
    expect((await merging).kind).toBe(line === '0.0' ? 'unsupported' : 'failed-precondition')
  })

  test('sets a setting of a sandbox, which the gateway overrules', async () => {
    await using sandbox = await create('tuned')
    const key = 'ocsf_json_enabled'
    expect(await sandbox.settings.get(key)).toEqual({ key, scope: 'unspecified' })
    await sandbox.settings.set(key, true)
    expect(await sandbox.settings.get(key)).toEqual({ key, value: true, scope: 'sandbox' })
    await stack.client.admin.settings.set(key, false)
    expect(await sandbox.settings.get(key)).toEqual({ key, value: false, scope: 'global' })
    expect(await failureOf(sandbox.settings.delete(key))).toMatchObject({ kind: 'failed-precondition' })
    await stack.client.admin.settings.delete(key)
    expect(await sandbox.settings.delete(key)).toBe(true)
    expect((await sandbox.settings.read()).policySource).toBe('sandbox')
    expect(await sandbox.settings.get('no_such_key')).toBeUndefined()
  })
})
