import { startDevGateway } from '@openshell-ts/dev-gateway'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OpenShellClient, type Sandbox } from '../src/index.js'
import { type DevStack, startDevStack } from './dev-stack.js'
import { failureOf } from './failure-of.js'
import { LINES, WORKSPACE } from './line-gateway.js'

const SPEC = { name: 'box', command: ['sleep', '600'] }
const CHUNK = { id: 'a', reviewToken: 'b' } as never
const RECEIPT = { id: 'a', kind: 'attach', providerName: 'keys' } as never

type Call = (sandbox: Sandbox) => Promise<unknown>

/** What a handle does to its sandbox, by the call of the gateway that must not be sent for another one. */
const CHANGES: Readonly<Record<string, Call>> = {
  StopSandbox: (sandbox) => sandbox.stop(),
  StartSandbox: (sandbox) => sandbox.start(),
  ExposeService: ({ services }) => services.expose({ name: 'web', targetPort: 80 }),
  DeleteService: ({ services }) => services.delete('web'),
  AttachSandboxProvider: ({ providers }) => providers.attach('keys'),
  DetachSandboxProvider: ({ providers }) => providers.detach('keys'),
  'UpdateConfig of policy.set': ({ policy }) => policy.set({}),
  'UpdateConfig of policy.merge': ({ policy }) => policy.merge([{ type: 'remove-rule', ruleName: 'a' }]),
  'UpdateConfig of settings.set': ({ settings }) => settings.set('ocsf_json_enabled', true),
  'UpdateConfig of settings.delete': ({ settings }) => settings.delete('ocsf_json_enabled'),
  ApproveDraftChunk: ({ drafts }) => drafts.approve(CHUNK),
  ApproveAllDraftChunks: ({ drafts }) => drafts.approveAll([CHUNK]),
  RejectDraftChunk: ({ drafts }) => drafts.reject('a'),
  EditDraftChunk: ({ drafts }) => drafts.edit('a', {}),
  UndoDraftChunk: ({ drafts }) => drafts.undo('a'),
  ClearDraftChunks: ({ drafts }) => drafts.clear(),
}

/** What line 0.0 takes by id and line 0.1 by name. */
const COMMANDS: Readonly<Record<string, Call>> = {
  'ExecSandbox of run': ({ commands }) => commands.run(['true']),
  'ExecSandbox of start': async ({ commands }) => (await commands.start(['true'])).wait(),
  ExecSandboxInteractive: async ({ commands }) => (await commands.interactive(['true'])).wait(),
}

const READS: Readonly<Record<string, Call>> = {
  refresh: (sandbox) => sandbox.refresh(),
  logs: (sandbox) => sandbox.logs(),
  'settings.read': ({ settings }) => settings.read(),
  'services.list': ({ services }) => services.list().toArray(),
  'providers.list': ({ providers }) => providers.list().toArray(),
  'policy.history': ({ policy }) => policy.history().toArray(),
  'drafts.read': ({ drafts }) => drafts.read(),
  'drafts.history': ({ drafts }) => drafts.history(),
  files: ({ files }) => files.write('left', 'x'),
  ports: ({ ports }) => ports.connect({ targetPort: 80 }),
  ssh: ({ ssh }) => ssh.createSession(),
}

describe.each(LINES)('a handle whose sandbox was deleted and made anew on line %s', (line) => {
  let stack: DevStack
  let old: Sandbox
  let present: Sandbox
  const sent: string[] = []
  beforeAll(async () => {
    stack = await startDevStack({
      line,
      connect: {
        interceptors: [
          ({ rpc }, next) => {
            sent.push(rpc)
            return next()
          },
        ],
      },
    })
    old = await stack.client.sandboxes.create(SPEC)
    await old.delete({ wait: true })
    present = await stack.client.sandboxes.create(SPEC)
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  test.each(Object.entries({ ...CHANGES, ...COMMANDS }))('sends no %s for the new one', async (name, call) => {
    sent.length = 0
    expect(await failureOf(call(old))).toMatchObject({ kind: 'not-found', sandboxName: 'box' })
    const byId = line === '0.0' && name in COMMANDS
    expect(sent).toEqual(byId ? [name.split(' ')[0]] : ['GetSandbox'])
  })

  test.each(Object.entries(READS))('does not reach the new one by %s', async (_, call) => {
    expect(await failureOf(call(old))).toMatchObject({ kind: 'not-found', sandboxName: 'box' })
  })

  test('is told so by watches and waits, and deletes nothing', async () => {
    const events = []
    for await (const event of old.watch({ logs: true })) events.push(event)
    expect(events).toEqual([{ type: 'deleted', replacedBy: present.id }])
    expect(await failureOf(old.waitReady())).toMatchObject({ kind: 'wait-failed' })
    await old.waitDeleted()
    expect(await old.delete({ wait: true })).toEqual({ outcome: 'absent' })
    if (line === '0.1') expect(await failureOf(old.providers.readiness(RECEIPT))).toMatchObject({ kind: 'not-found' })
    expect(await present.refresh()).toMatchObject({ id: present.id, phase: 'ready' })
    expect(await present.files.exists('left')).toBe(false)
  })
})

test.each(LINES)('on line %s a caller who may change sandboxes but not read them is not held up', async (line) => {
  const roles = ['openshell-user', 'openshell-admin']
  const users = [
    { token: 'all', subject: 'ann', roles },
    { token: 'writes', subject: 'ann', roles, scopes: ['sandbox:write'] },
  ]
  await using gateway = await startDevGateway({ line, auth: { users } })
  let token = 'all'
  const auth = { type: 'bearer', getToken: () => token } as const
  await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE, auth })
  await client.workspaces.create(WORKSPACE)
  const box = await client.sandboxes.create({ name: 'box' })
  token = 'writes'
  expect(await failureOf(box.refresh())).toMatchObject({ kind: 'permission-denied' })
  expect(await box.services.expose({ targetPort: 80 })).toMatchObject({ targetPort: 80 })
})
