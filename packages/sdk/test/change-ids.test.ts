import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OpenShellClient } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { type LineGateway, startLineGateway, WORKSPACE } from './line-gateway.js'
import { SilentSupervisors } from './silent-supervisors.js'

const completed = { outcome: 'completed' }
const policy = { networkPolicies: { web: { endpoints: [{ host: 'a.example', port: 443 }] } } }
const strategy = 'oauth2-client-credentials'
const profile = {
  id: 'acme',
  displayName: 'Acme',
  credentials: [
    {
      name: 'A',
      envVars: ['A'],
      authStyle: 'bearer',
      headerName: 'authorization',
      refresh: { strategy, tokenUrl: 'https://issuer.example/token' },
    },
  ],
  endpoints: [{ host: 'a.example', port: 443 }],
} as const
const provider = { type: 'acme', profileScope: 'workspace', credentials: { A: 'b' } } as const
const renewal = { strategy, material: { client_id: 'a', client_secret: 'b' } } as const

// In order: each change builds on those before it. A change that ran twice would answer otherwise.
const CHANGES: readonly (readonly [
  rpc: string,
  change: (client: OpenShellClient) => Promise<unknown>,
  answer: object,
])[] = [
  ['CreateWorkspace', ({ workspaces }) => workspaces.create('once'), { name: 'once' }],
  ['DeleteWorkspace', ({ workspaces }) => workspaces.delete('once'), completed],
  ['AddWorkspaceMember', ({ workspaces }) => workspaces.members(WORKSPACE).add('anna', 'user'), { role: 'user' }],
  ['RemoveWorkspaceMember', ({ workspaces }) => workspaces.members(WORKSPACE).remove('anna'), completed],
  ['CreateSandboxTemplate', ({ templates }) => templates.create('base', {}), { name: 'base' }],
  ['DeleteSandboxTemplate', ({ templates }) => templates.delete('base'), completed],
  ['ExposeService', ({ services }) => services.of('box').expose({ targetPort: 80 }), { targetPort: 80 }],
  ['DeleteService', ({ services }) => services.of('box').delete(), completed],
  ['ImportProviderProfiles', ({ profiles }) => profiles.import([{ profile }]), { imported: true }],
  ['CreateProvider', ({ providers }) => providers.create('keys', provider), { name: 'keys' }],
  ['AttachSandboxProvider', ({ providers }) => providers.of('box').attach('keys'), { changed: true }],
  [
    'UpdateProvider',
    ({ providers }) => providers.update('keys', { config: { a: 'b' } }),
    { provider: { name: 'keys' } },
  ],
  ['DetachSandboxProvider', ({ providers }) => providers.of('box').detach('keys'), { changed: true }],
  ['UpdateConfig', ({ policies }) => policies.of('box').set(policy), { version: 1 }],
  ['ConfigureProviderRefresh', ({ providers }) => providers.refresh.configure('keys', 'A', renewal), { strategy }],
  ['DeleteProviderRefresh', ({ providers }) => providers.refresh.delete('keys', 'A'), completed],
  ['DeleteProvider', ({ providers }) => providers.delete('keys'), completed],
  ['DeleteProviderProfile', ({ profiles }) => profiles.delete('acme'), completed],
]

describe('a change whose answer is lost', () => {
  const supervisors = new SilentSupervisors()
  let stack: LineGateway
  beforeAll(async () => {
    const gateway = { drivers: [supervisors.driver] }
    stack = await startLineGateway('0.1', { gateway, connect: { retry: { baseDelayMs: 1 } } })
    await stack.client.sandboxes.create({ name: 'box' }, { waitReady: false, keep: true })
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  test.each(CHANGES)('%s happens once on line 0.1, and its answer comes all the same', async (rpc, change, answer) => {
    using lost = stack.gateway.faults.add({ rpc, effect: 'drop-after-commit', times: 1 })
    expect(await change(stack.client)).toMatchObject(answer)
    expect(lost.hits).toBe(1)
  })

  test('the decisions about a proposal happen once on line 0.1', async () => {
    const sandbox = await stack.client.sandboxes.get('box')
    const lose = (rpc: string) => stack.gateway.faults.add({ rpc, effect: 'drop-after-commit', times: 1 })
    const proposals = ['one', 'two', 'three'].map((ruleName) => ({ ruleName, host: `${ruleName}.example` }))
    const [one = '', two = ''] = await supervisors.propose('0.1', sandbox, proposals)
    const chunkOf = async (id: string) => ({
      id,
      reviewToken: '',
      ...(await sandbox.drafts.read()).chunks.find((chunk) => chunk.id === id),
    })
    using approve = lose('ApproveDraftChunk')
    await sandbox.drafts.approve(await chunkOf(one))
    using undo = lose('UndoDraftChunk')
    await sandbox.drafts.undo(one)
    using edit = lose('EditDraftChunk')
    await sandbox.drafts.edit(two, { endpoints: [{ host: 'new.example', port: 443 }] })
    using approveAll = lose('ApproveAllDraftChunks')
    expect(await sandbox.drafts.approveAll([await chunkOf(one)])).toMatchObject({ approved: 1 })
    using reject = lose('RejectDraftChunk')
    await sandbox.drafts.reject(two)
    using clear = lose('ClearDraftChunks')
    expect(await sandbox.drafts.clear()).toBe(1)
    expect([approve, undo, edit, approveAll, reject, clear].map(({ hits }) => hits)).toEqual([1, 1, 1, 1, 1, 1])
  })

  test('a change with the same id of the caller gets the first answer again', async () => {
    const { workspaces } = stack.client
    const options = { requestId: '7f6d2c1e-5b1a-4a51-9c53-0f3f3f3f3f3f' }
    const first = await workspaces.create('mine', options)
    expect(await workspaces.create('mine', options)).toEqual(first)
    expect(await failureOf(workspaces.create('mine'))).toMatchObject({ kind: 'already-exists' })
  })
})

test('a change whose answer is lost is left to the caller on line 0.0', async () => {
  await using stack = await startLineGateway('0.0', { connect: { retry: { baseDelayMs: 1 } } })
  using lost = stack.gateway.faults.add({ rpc: 'CreateProvider', effect: 'drop-after-commit', times: 1 })
  const creating = stack.client.providers.create('keys', { type: 'x', credentials: { A: 'b' } })
  expect(await failureOf(creating)).toMatchObject({ kind: 'unavailable', dispatched: true, attempts: 1 })
  expect(lost.hits).toBe(1)
})
