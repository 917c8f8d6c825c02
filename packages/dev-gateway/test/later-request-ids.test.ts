import { randomUUID } from 'node:crypto'
import { fromBinary } from '@bufbuild/protobuf'
import { anyUnpack } from '@bufbuild/protobuf/wkt'
import { type Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { type ErrorInfo, ErrorInfoSchema, StatusSchema } from '@openshell-ts/protocol/rpc'
import { DeletionOutcome, OpenShell } from '@openshell-ts/protocol/v0-1'
import { expect, test } from 'vitest'
import { TestClock } from '../src/index.js'
import { LaterSetup, scope } from './later-setup.js'
import { execResult, failure } from './test-client.js'

const create = (setup: LaterSetup, requestId: string, name = '') =>
  setup.client.unary('createSandbox', { workspaceScope: scope, spec: {}, name, requestId })

function infoOf({ metadata }: ServiceError): ErrorInfo | undefined {
  const [bytes] = metadata.get('grpc-status-details-bin')
  const { details } = fromBinary(StatusSchema, bytes as Buffer)
  return details.map((any) => anyUnpack(any, ErrorInfoSchema)).find((info) => info !== undefined)
}

// As the table of the RPCs has them.
const identified = [
  ...[
    'CreateSandbox',
    'DeleteSandbox',
    'StopSandbox',
    'StartSandbox',
    'AttachSandboxProvider',
    'DetachSandboxProvider',
  ],
  ...['ExposeService', 'DeleteService', 'CreateProvider', 'UpdateProvider', 'DeleteProvider', 'ImportProviderProfiles'],
  ...['UpdateProviderProfiles', 'DeleteProviderProfile', 'ConfigureProviderRefresh', 'RotateProviderCredential'],
  ...['DeleteProviderRefresh', 'UpdateConfig', 'ApproveDraftChunk', 'RejectDraftChunk', 'ApproveAllDraftChunks'],
  ...[
    'EditDraftChunk',
    'UndoDraftChunk',
    'ClearDraftChunks',
    'CreateWorkspace',
    'DeleteWorkspace',
    'AddWorkspaceMember',
  ],
  ...['RemoveWorkspaceMember', 'CreateSandboxTemplate', 'DeleteSandboxTemplate'],
]

const reasonOf = (error: ServiceError) => infoOf(error)?.reason

test('gateway-client 4: these calls take an id, and each looks at it before anything else', async () => {
  await using setup = await LaterSetup.start()
  const taking = OpenShell.methods.filter(({ input }) => input.fields.some(({ name }) => name === 'request_id'))
  const unary = taking.filter(({ methodKind }) => methodKind === 'unary')
  expect(unary.map(({ name }) => name).sort()).toEqual([...identified].sort())
  const answers = await Promise.all(
    unary.map(async ({ localName }) => {
      const call = setup.client.unary(localName as 'createSandbox', { requestId: 'mine', workspaceScope: scope })
      return (await failure(call)).details
    }),
  )
  expect(new Set(answers)).toEqual(new Set(['request_id must be a non-zero UUID']))
})

test('gateway-client 17: calls with the same id have one effect and one answer, also side by side', async () => {
  await using setup = await LaterSetup.start()
  const id = randomUUID()
  const answers = await Promise.all([create(setup, id), create(setup, id), create(setup, id)])
  answers.push(await create(setup, id))
  expect(new Set(answers.map(({ sandbox }) => sandbox?.metadata?.id)).size).toBe(1)
  expect(setup.driver.callsOf('createSandbox')).toHaveLength(1)
})

test('gateway-client 17: an answer that is given again says so in a header, and nothing happens', async () => {
  await using setup = await LaterSetup.start()
  const id = randomUUID()
  const request = { workspaceScope: scope, name: 'box', allowMissing: true, requestId: id }
  const replayed = async () => {
    const seen: Metadata[] = []
    const { outcome } = await setup.client.unary('deleteSandbox', request, {
      onHeaders: (headers) => seen.push(headers),
    })
    return [outcome, seen[0]?.get('openshell-replayed')]
  }
  const absent = DeletionOutcome.ALREADY_ABSENT
  expect(await replayed()).toEqual([absent, []])
  await setup.create()
  expect(await replayed()).toEqual([absent, ['true']])
  expect(setup.driver.callsOf('deleteSandbox')).toEqual([])
})

test('gateway-client 17: an id is of one request only, and must be one', async () => {
  await using setup = await LaterSetup.start()
  const id = randomUUID()
  await create(setup, id, 'one')
  const mismatch = await failure(create(setup, id, 'two'))
  expect(mismatch.code).toBe(status.INVALID_ARGUMENT)
  expect(infoOf(mismatch)).toMatchObject({ reason: 'REQUEST_ID_PAYLOAD_MISMATCH', domain: 'openshell.nvidia.com' })
  for (const bad of ['peer', '00000000-0000-0000-0000-000000000000']) {
    expect((await failure(create(setup, bad))).details).toBe('request_id must be a non-zero UUID')
  }
  expect(setup.driver.callsOf('createSandbox')).toHaveLength(1)
})

test('gateway-client 17: a request is the same with its maps in another order, and its id in letters of the other case', async () => {
  await using setup = await LaterSetup.start()
  const requestId = randomUUID()
  const create = (id: string, environment: Record<string, string>) =>
    setup.create({ spec: { environment }, requestId: id })
  const first = await create(requestId, { A: '1', B: '2' })
  const again = await create(requestId.toUpperCase(), { B: '2', A: '1' })
  expect(again.metadata?.id).toBe(first.metadata?.id)
  const other = await failure(create(requestId, { A: '1', B: '3' }))
  expect(infoOf(other)).toMatchObject({ reason: 'REQUEST_ID_PAYLOAD_MISMATCH' })
})

test('gateway-client 17: a call that failed runs again, and so does one of the day before', async () => {
  const clock = new TestClock()
  await using setup = await LaterSetup.start({ clock })
  const id = randomUUID()
  setup.driver.replies.createSandbox = () => Promise.reject(new Error('not now'))
  await failure(create(setup, id))
  delete setup.driver.replies.createSandbox
  const first = await create(setup, id)
  clock.skip(24 * 3_600_000)
  expect((await create(setup, id)).sandbox?.metadata?.id).not.toBe(first.sandbox?.metadata?.id)
})

test('gateway-client 12 and 17: a command with an id runs once, and its duplicate is refused', async () => {
  await using setup = await LaterSetup.start()
  const supervisor = await setup.supervise(await setup.create())
  const lines: string[] = []
  supervisor.onCommand = (line, channel) => {
    lines.push(line)
    channel.exit(0)
    channel.end()
  }
  const request = { workspaceScope: scope, sandbox: 'box', command: ['once'], requestId: randomUUID() }
  const exec = () => execResult(setup.client.serverStream('execSandbox', request))
  expect((await exec()).exitCode).toBe(0)
  const refused = await failure(exec())
  expect([refused.code, reasonOf(refused)]).toEqual([status.FAILED_PRECONDITION, 'REQUEST_REPLAY_UNAVAILABLE'])
  expect(lines).toEqual(['once'])
  await supervisor[Symbol.asyncDispose]()
})
