import { fromBinary } from '@bufbuild/protobuf'
import { anyUnpack } from '@bufbuild/protobuf/wkt'
import { credentials, status } from '@grpc/grpc-js'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { BadRequestSchema, ErrorInfoSchema, StatusSchema } from '@openshell-ts/protocol/rpc'
import { OpenShell as EarlierOpenShell, Inference } from '@openshell-ts/protocol/v0-0'
import {
  DeletionOutcome,
  ExtensionKind,
  SandboxPhase,
  SandboxRestartPolicy,
  WorkspacePhase,
} from '@openshell-ts/protocol/v0-1'
import { expect, test } from 'vitest'
import { LaterSetup, scope } from './later-setup.js'
import { DriverRefusal } from './scripted-driver.js'
import { failure } from './test-client.js'

const everywhere = { selection: { case: 'allWorkspaces', value: {} } } as const
const inWorkspace = (value: string) => ({ selection: { case: 'workspace', value } }) as const

test('gateway-client 2 and 20, driver-contract 17.7: a gateway of this line says so, and what it has negotiated', async () => {
  await using setup = await LaterSetup.start({
    capabilities: { resourceCapabilities: { cpu: { limitSupported: true } } },
  })
  expect((await setup.client.unary('health', {})).version).toBe('0.1.5')
  expect(await setup.client.unary('getGatewayInfo', {})).toMatchObject({
    computeDrivers: [{ name: 'acme', capabilities: { resourceCapabilities: { cpu: { limitSupported: true } } } }],
    extensions: [
      {
        kind: ExtensionKind.COMPUTE_DRIVER,
        configuredName: 'acme',
        implementationName: 'acme/driver',
        protocolMinor: 3,
      },
    ],
  })
})

test.each([
  ['no selector', undefined],
  ['an empty selector', {}],
  ['an empty workspace', inWorkspace('')],
  ['all workspaces where one is meant', everywhere],
])('gateway-client 10: %s is refused', async (_name, workspaceScope) => {
  await using setup = await LaterSetup.start()
  const refused = await failure(setup.client.unary('getSandbox', { name: 'box', workspaceScope } as never))
  expect(refused.code).toBe(status.INVALID_ARGUMENT)
  expect(refused.details).toMatch(/^workspace_scope/)
  expect(await failure(setup.create({ workspaceScope } as never))).toMatchObject({ code: status.INVALID_ARGUMENT })
})

test.each(['default', 'hq'])(
  'gateway-client 3 and 4: requests of line 0.0 for the workspace %s are refused, and nothing is created',
  async (workspace) => {
    await using setup = await LaterSetup.start()
    const credential = credentials.createInsecure()
    const earlier = new GrpcServiceClient(EarlierOpenShell, `127.0.0.1:${setup.gateway.port}`, credential)
    const inference = new GrpcServiceClient(Inference, `127.0.0.1:${setup.gateway.port}`, credential)
    const calls = [
      earlier.unary('createSandbox', { name: 'box', spec: {}, workspace }),
      earlier.unary('getSandbox', { name: 'box', workspace }),
      earlier.unary('listSandboxes', { workspace }),
    ]
    for (const call of calls) {
      expect([status.INVALID_ARGUMENT, status.INTERNAL]).toContain((await failure(call)).code)
    }
    expect(await failure(inference.unary('getInferenceRoute', { workspace }))).toMatchObject({
      code: status.UNIMPLEMENTED,
    })
    expect(setup.driver.callsOf('validateSandboxCreate')).toEqual([])
    earlier.close()
    inference.close()
  },
)

test('gateway-client 18: a refusal of the driver passes with its own details, byte for byte', async () => {
  await using setup = await LaterSetup.start()
  const details = Buffer.from('no status of any kind')
  setup.driver.replies.validateSandboxCreate = () => {
    throw new DriverRefusal(status.INVALID_ARGUMENT, 'not like this', {
      'grpc-status-details-bin': details,
      'x-acme': '1',
    })
  }
  const refused = await failure(setup.create())
  expect(refused).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'not like this' })
  expect(refused.metadata.get('grpc-status-details-bin')).toEqual([details])
  expect(refused.metadata.get('x-acme')).toEqual(['1'])
})

test('gateway-client 3 and 11: a created sandbox is shown with the times, the restart policy and the defaults of this line', async () => {
  await using setup = await LaterSetup.start()
  await setup.create({ spec: { restartPolicy: SandboxRestartPolicy.ON_FAILURE, environment: { A: '1' } } } as never)
  expect(await setup.get()).toMatchObject({
    metadata: { name: 'box', workspace: 'default', createdTime: { nanos: expect.any(Number) } },
    spec: {
      environment: { A: '1' },
      command: ['/bin/bash', '-l'],
      tty: true,
      template: { image: 'acme/base:1' },
      restartPolicy: SandboxRestartPolicy.ON_FAILURE,
    },
    status: { phase: SandboxPhase.PROVISIONING },
  })
})

test('gateway-client 18: a refusal of bad input names the field in its details', async () => {
  await using setup = await LaterSetup.start()
  const { code, details, metadata } = await failure(setup.create({ name: 'Bad_Name' }))
  const [bytes] = metadata.get('grpc-status-details-bin')
  const decoded = fromBinary(StatusSchema, bytes as Buffer)
  expect({ code: decoded.code, message: decoded.message }).toEqual({ code, message: details })
  const [badRequest] = decoded.details.flatMap((any) => anyUnpack(any, BadRequestSchema as never) ?? [])
  expect(badRequest).toMatchObject({ fieldViolations: [{ field: 'name', description: details }] })
  const [info] = decoded.details.flatMap((any) => anyUnpack(any, ErrorInfoSchema) ?? [])
  expect(info).toMatchObject({ reason: 'INVALID_ARGUMENT', domain: 'openshell.nvidia.com' })
})

test('gateway-client 3 and 19: pages follow each other by tokens, over all workspaces too', async () => {
  await using setup = await LaterSetup.start()
  await setup.client.unary('createWorkspace', { name: 'other' })
  for (const name of ['a', 'b', 'c']) await setup.create({ name })
  await setup.create({ name: 'd', workspaceScope: inWorkspace('other') })
  const list = (pageToken: string, pageSize = 2) =>
    setup.client.unary('listSandboxes', { workspaceScope: everywhere, pageSize, pageToken })
  const names = (page: Awaited<ReturnType<typeof list>>) => page.sandboxes.map(({ metadata }) => metadata?.name)
  const first = await list('')
  expect(names(first)).toEqual(['a', 'b'])
  setup.driver.replies.deleteSandbox = () => ({ deleted: false })
  await setup.client.unary('deleteSandbox', { name: 'a', workspaceScope: scope })
  const second = await list(first.nextPageToken)
  expect(names(second)).toEqual(['c', 'd'])
  expect(second.nextPageToken).toBe('')
  for (const refused of [list('forged'), list(`${first.nextPageToken}A`), list('', -1)]) {
    expect((await failure(refused)).code).toBe(status.INVALID_ARGUMENT)
  }
  await setup.gateway.restart()
  const ofEarlierRun = { code: status.INVALID_ARGUMENT, details: 'page_token is not valid' }
  expect(await failure(list(first.nextPageToken))).toMatchObject(ofEarlierRun)
})

test('gateway-client 11: a delete says how far it came', async () => {
  await using setup = await LaterSetup.start()
  const { metadata } = await setup.create()
  const remove = (allowMissing: boolean) =>
    setup.client.unary('deleteSandbox', { name: 'box', workspaceScope: scope, allowMissing })
  expect(await remove(false)).toMatchObject({ outcome: DeletionOutcome.ACCEPTED, sandboxId: metadata?.id })
  setup.driver.emit({ case: 'deleted', value: { sandboxId: metadata?.id ?? '' } })
  await setup.driver.received('deleteSandbox', 2)
  expect(await failure(remove(false))).toMatchObject({ code: status.NOT_FOUND, details: 'sandbox not found' })
  expect(await remove(true)).toMatchObject({ outcome: DeletionOutcome.ALREADY_ABSENT, sandboxId: '' })
  const again = await setup.create()
  setup.driver.replies.deleteSandbox = () => ({ deleted: false })
  expect(await remove(false)).toMatchObject({ outcome: DeletionOutcome.COMPLETED, sandboxId: again.metadata?.id })
})

test('gateway-client 10: workspaces come and go', async () => {
  await using setup = await LaterSetup.start()
  const { workspace } = await setup.client.unary('createWorkspace', { name: 'team', labels: { tier: 'a' } })
  expect(workspace).toMatchObject({ metadata: { name: 'team' }, status: { phase: WorkspacePhase.ACTIVE } })
  const listed = await setup.client.unary('listWorkspaces', { pageSize: 1 })
  expect(listed.workspaces.map(({ metadata }) => metadata?.name)).toEqual(['default'])
  expect(listed.nextPageToken).not.toBe('')
  const remove = (allowMissing: boolean) => setup.client.unary('deleteWorkspace', { name: 'team', allowMissing })
  expect((await remove(false)).outcome).toBe(DeletionOutcome.COMPLETED)
  expect((await failure(remove(false))).code).toBe(status.NOT_FOUND)
  expect((await remove(true)).outcome).toBe(DeletionOutcome.ALREADY_ABSENT)
})

test('gateway-client 11 and 16: a stopped sandbox ends a watch for a terminal phase, and starts again', async () => {
  await using setup = await LaterSetup.start({ capabilities: { driverReportsRuntimeReadiness: true } })
  const { metadata } = await setup.create()
  await setup.driver.watched()
  setup.driver.emitStatus(metadata?.id ?? '', 'box', { conditions: [{ type: 'Ready', status: 'True' }] })
  await setup.reaches(SandboxPhase.READY)
  const stopped = await setup.client.unary('stopSandbox', { name: 'box', workspaceScope: scope })
  expect(stopped.sandbox?.status?.phase).toBe(SandboxPhase.STOPPED)
  const watch = { sandbox: 'box', workspaceScope: scope, followStatus: true, stopOnTerminal: true }
  const phases: (SandboxPhase | undefined)[] = []
  for await (const { payload } of setup.client.serverStream('watchSandbox', watch)) {
    if (payload.case === 'sandbox') phases.push(payload.value.status?.phase)
  }
  expect(phases).toEqual([SandboxPhase.STOPPED])
  const started = await setup.client.unary('startSandbox', { name: 'box', workspaceScope: scope })
  expect(started.sandbox?.status?.phase).toBe(SandboxPhase.STARTING)
})

test('gateway-client 16: a watch goes on after a cursor', async () => {
  await using setup = await LaterSetup.start()
  const { metadata } = await setup.create()
  const id = metadata?.id ?? ''
  await setup.driver.watched()
  const send = (reason: string) =>
    setup.driver.emit({ case: 'platformEvent', value: { sandboxId: id, event: { reason } } })
  const reasons = async (resumeAfterCursor: string, count: number) => {
    const request = { sandbox: 'box', workspaceScope: scope, followEvents: true, eventTail: 10, resumeAfterCursor }
    const seen: { reason: string; cursor: string }[] = []
    for await (const { payload, cursor } of setup.client.serverStream('watchSandbox', request)) {
      if (payload.case === 'event') seen.push({ reason: payload.value.reason, cursor })
      if (seen.length === count) break
    }
    return seen
  }
  for (const reason of ['one', 'two', 'three']) send(reason)
  const all = await reasons('', 3)
  expect(all.map(({ reason }) => reason)).toEqual(['one', 'two', 'three'])
  expect(all.map(({ cursor }) => cursor)).toEqual(all.map(({ cursor }) => cursor).sort())
  expect((await reasons(all[0]?.cursor ?? '', 2)).map(({ reason }) => reason)).toEqual(['two', 'three'])
  expect(await failure(reasons('forged', 1))).toMatchObject({ code: status.INVALID_ARGUMENT })
  const earlier = `${'0'.repeat(16)}${all[0]?.cursor.slice(16)}`
  expect(await failure(reasons(earlier, 1))).toMatchObject({ code: status.OUT_OF_RANGE })
})
