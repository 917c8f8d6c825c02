import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OpenShellClient } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, type LineGateway, startLineGateway, WORKSPACE } from './line-gateway.js'

describe.each(LINES)('the whole gateway on line %s', (line) => {
  let stack: LineGateway
  beforeAll(async () => {
    stack = await startLineGateway(line)
    await stack.client.workspaces.create('team-b')
    for (const name of [WORKSPACE, 'team-b']) {
      const { sandboxes, services, providers } = stack.client.workspace(name)
      await sandboxes.create({ name: 'box', labels: { in: name } }, { keep: true, waitReady: false })
      await services.of('box').expose({ name: 'web', targetPort: 80 })
      await providers.create('keys', { type: 'generic', credentials: { KEY: 'v' } })
    }
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  test('lists what all workspaces hold, page by page', async () => {
    const { admin } = stack.client
    const owners = async (items: AsyncIterable<{ readonly workspace: string }>) => {
      const workspaces: string[] = []
      for await (const { workspace } of items) workspaces.push(workspace)
      return workspaces.sort()
    }
    expect(await owners(admin.listSandboxes({ pageSize: 1 }))).toEqual([WORKSPACE, 'team-b'])
    expect(await owners(admin.listServices({ pageSize: 1 }))).toEqual([WORKSPACE, 'team-b'])
    expect(await owners(admin.listProviders({ pageSize: 1 }))).toEqual([WORKSPACE, 'team-b'])
    expect(await owners(admin.listSandboxes({ labelSelector: 'in=team-b' }))).toEqual(['team-b'])
  })

  test('says what the gateway is made of', async () => {
    const info = await stack.client.gatewayInfo()
    const [driver] = info.computeDrivers
    expect(info).toMatchObject({ status: 'healthy', version: line === '0.0' ? '0.0.111' : '0.1.5' })
    expect(driver).toMatchObject({ name: 'simulated' })
    expect(info.extensions.map(({ kind, name }) => [kind, name])).toEqual(
      line === '0.0' ? [] : [['compute-driver', 'simulated']],
    )
    expect(driver?.resources === undefined).toBe(line === '0.0')
  })

  test('sees the templates of all workspaces from line 0.1 on', async () => {
    const { admin } = stack.client
    const templates = admin.listTemplates().toArray()
    if (line === '0.1') expect(await templates).toEqual([])
    else expect(await failureOf(templates)).toMatchObject({ kind: 'unsupported' })
  })

  test('sets, reads and takes back a setting of the gateway', async () => {
    const { settings } = stack.client.admin
    const key = 'ocsf_json_enabled'
    const before = await settings.read()
    expect(before.values).toMatchObject({ [key]: undefined })
    const revision = await settings.set(key, true)
    expect(await settings.read()).toMatchObject({ values: { [key]: true }, revision })
    expect(revision).not.toBe(before.revision)
    expect(await settings.delete(key)).toBe(true)
    expect(await settings.delete(key)).toBe(false)
  })

  test('refuses a setting that does not exist, and a number that the wire would change', async () => {
    const { settings } = stack.client.admin
    expect(await failureOf(settings.set('no_such_key', 'x'))).toMatchObject({ kind: 'invalid-argument', attempts: 1 })
    expect(await failureOf(settings.set('ocsf_json_enabled', 1.5))).toMatchObject({ attempts: 0 })
  })

  test('sets a policy for all sandboxes, and takes it away', async () => {
    const { policy } = stack.client.admin
    expect(await policy.tryGet()).toBeUndefined()
    const networkPolicies = { web: { name: 'web', endpoints: [{ host: 'example.com', port: 443 }] } }
    const { version, hash } = await policy.set({ version: 1, networkPolicies })
    expect(await policy.tryGet()).toMatchObject({
      version,
      hash,
      policy: { networkPolicies: { web: { name: 'web' } } },
    })
    expect(await policy.history().toArray()).toHaveLength(1)
    expect(await policy.delete()).toBe(true)
    expect(await policy.delete()).toBe(false)
  })
})

test.each(LINES)('on line %s a user who is no administrator sees its own workspace alone', async (line) => {
  const users = [
    { token: 'admin-token', subject: 'anna', roles: ['openshell-admin'] },
    { token: 'user-token', subject: 'ben' },
  ]
  const auth = { type: 'bearer', token: 'admin-token' } as const
  await using stack = await startLineGateway(line, { gateway: { auth: { users } }, connect: { auth } })
  await stack.client.workspaces.create('team-b')
  await stack.client.workspaces.members(WORKSPACE).add('ben', 'user')
  await using user = await OpenShellClient.connect({
    endpoint: stack.gateway.endpoint,
    workspace: WORKSPACE,
    auth: { type: 'bearer', token: 'user-token' },
  })
  expect((await user.workspaces.list().toArray()).map(({ name }) => name)).toEqual([WORKSPACE])
  expect(await user.providers.list().toArray()).toEqual([])
  const refused = [
    user.admin.listSandboxes().toArray(),
    user.admin.settings.set('ocsf_json_enabled', true),
    user.gatewayInfo(),
    user.workspaces.create('mine'),
    user.providers.create('keys', { type: 'x', credentials: { A: 'b' } }),
  ]
  for (const error of await Promise.all(refused.map(failureOf))) expect(error.kind).toBe('permission-denied')
})
