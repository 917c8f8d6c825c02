import { status } from '@grpc/grpc-js'
import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { describe, expect, test } from 'vitest'
import { failure, Setup } from './test-client.js'
import { TestSupervisor } from './test-supervisor.js'

const idOf = (sandbox: { metadata?: { id: string } | undefined }) => sandbox.metadata?.id ?? ''

test('a lost session takes the sandbox back to provisioning, and a new one makes it Ready again', async () => {
  await using setup = await Setup.start()
  const sandbox = await setup.create()
  await using first = await setup.supervise(sandbox)
  await setup.reaches(idOf(sandbox), SandboxPhase.READY)

  first.disconnect()
  const lost = await setup.reaches(idOf(sandbox), SandboxPhase.PROVISIONING)
  expect(lost.status).toMatchObject({
    mainProcessInstanceId: 'instance-1',
    conditions: [{ status: 'False', reason: 'DependenciesNotReady', message: 'Supervisor session disconnected' }],
  })

  await using _second = await setup.supervise(sandbox)
  await setup.reaches(idOf(sandbox), SandboxPhase.READY)
})

test('the newest session wins: the older one ends with OK and its end changes nothing', async () => {
  await using setup = await Setup.start()
  const sandbox = await setup.create()
  await using older = await setup.supervise(sandbox)
  const olderEnded = older.sessionEnded()
  await using newer = new TestSupervisor(setup.gateway.endpoint, setup.token(idOf(sandbox)))
  await newer.connect(idOf(sandbox), 'instance-2')
  expect(await olderEnded).toBeUndefined()
  expect((await setup.get()).status).toMatchObject({
    phase: SandboxPhase.READY,
    mainProcessInstanceId: 'instance-2',
  })
})

test('session_accepted comes first and says how often the gateway will be heard', async () => {
  await using setup = await Setup.start({ timings: { heartbeatMs: 20 } })
  await using supervisor = await setup.supervise(await setup.create())
  await supervisor.received('heartbeat')
  expect(supervisor.messages[0]?.payload).toMatchObject({
    case: 'sessionAccepted',
    value: { heartbeatIntervalSecs: 1, sessionId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  })
})

test('supervisors never hear from a gateway whose heartbeat is for ever', async () => {
  await using setup = await Setup.start({ timings: { heartbeatMs: Number.POSITIVE_INFINITY } })
  await using supervisor = await setup.supervise(await setup.create())
  for (let call = 0; call < 5; call++) await setup.get()
  expect(supervisor.messages.map(({ payload }) => payload.case)).toEqual(['sessionAccepted'])
})

test('a successful stop ends the session with OK, deleting does not', async () => {
  await using setup = await Setup.start()
  const stopped = await setup.create({ name: 'stopped' })
  await using first = await setup.supervise(stopped)
  const ended = first.sessionEnded()
  await setup.client.unary('stopSandbox', { name: 'stopped' })
  expect(await ended).toBeUndefined()

  const deleted = await setup.create({ name: 'deleted' })
  await using second = await setup.supervise(deleted)
  await setup.client.unary('deleteSandbox', { name: 'deleted' })
  setup.driver.emit({ case: 'deleted', value: { sandboxId: idOf(deleted) } })
  second.send({ case: 'heartbeat', value: {} })
  await setup.removed(idOf(deleted))
  expect(await Promise.race([second.sessionEnded(), Promise.resolve('open')])).toBe('open')
})

describe('what a supervisor is refused', () => {
  test('without a token it is a user, and users have no sessions', async () => {
    await using setup = await Setup.start()
    const sandbox = await setup.create()
    await using supervisor = new TestSupervisor(setup.gateway.endpoint, '')
    supervisor.metadata.remove('authorization')
    expect(await failure(supervisor.connect(idOf(sandbox)))).toMatchObject({
      code: status.PERMISSION_DENIED,
      details: 'this method requires a sandbox principal',
    })
  })

  test('another sandbox', async () => {
    await using setup = await Setup.start()
    const own = await setup.create({ name: 'own' })
    const other = await setup.create({ name: 'other' })
    await using supervisor = new TestSupervisor(setup.gateway.endpoint, setup.token(idOf(own)))
    expect(await failure(supervisor.connect(idOf(other)))).toMatchObject({
      code: status.PERMISSION_DENIED,
      details: 'cross-sandbox access denied: principal does not own this sandbox',
    })
  })

  test('a sandbox that is gone', async () => {
    await using setup = await Setup.start()
    const sandbox = await setup.create()
    const token = setup.token(idOf(sandbox))
    setup.driver.replies.deleteSandbox = () => ({ deleted: false })
    await setup.client.unary('deleteSandbox', { name: 'box' })
    await using supervisor = new TestSupervisor(setup.gateway.endpoint, token)
    expect(await failure(supervisor.connect(idOf(sandbox)))).toMatchObject({
      code: status.NOT_FOUND,
      details: 'sandbox not found',
    })
  })

  test('a first message that is no hello', async () => {
    await using setup = await Setup.start()
    const sandbox = await setup.create()
    await using supervisor = new TestSupervisor(setup.gateway.endpoint, setup.token(idOf(sandbox)))
    const stream = supervisor.client.bidiStream('connectSupervisor', { metadata: supervisor.metadata })
    const refused = new Promise((resolve) => stream.on('error', resolve))
    stream.resume()
    stream.end()
    expect(await refused).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'stream closed before hello' })
  })

  test('a user call with its token', async () => {
    await using setup = await Setup.start()
    const sandbox = await setup.create()
    await using supervisor = new TestSupervisor(setup.gateway.endpoint, setup.token(idOf(sandbox)))
    const call = supervisor.client.unary('getSandbox', { name: 'box' }, { metadata: supervisor.metadata })
    expect(await failure(call)).toMatchObject({
      code: status.PERMISSION_DENIED,
      details: 'sandbox principals may not call this method',
    })
  })
})

test('a reported exit is an Error for every code, with the code on the row', async () => {
  await using setup = await Setup.start()
  const sandbox = await setup.create()
  await using supervisor = await setup.supervise(sandbox)
  await supervisor.client.unary(
    'reportMainProcessExit',
    { sandboxId: idOf(sandbox), instanceId: 'instance-1', exitCode: 0 },
    { metadata: supervisor.metadata },
  )
  expect((await setup.get()).status).toMatchObject({
    phase: SandboxPhase.ERROR,
    exitCode: 0,
    conditions: [{ status: 'False', reason: 'MainProcessExited', message: 'Canonical main process exited' }],
  })
})

test('what a real supervisor reads and reports at its start is answered', async () => {
  await using setup = await Setup.start()
  const sandbox = await setup.create({ spec: { policy: { version: 1, filesystem: { readWrite: ['/work'] } } } })
  await using supervisor = await setup.supervise(sandbox)
  const { client, metadata } = supervisor
  const sandboxId = idOf(sandbox)
  const config = await client.unary('getSandboxConfig', { sandboxId }, { metadata })
  expect(config).toMatchObject({
    policy: { filesystem: { readWrite: ['/work'] } },
    version: 1,
    policySource: 1,
    workspace: 'default',
    policyHash: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  expect(await client.unary('getSandboxProviderEnvironment', { sandboxId }, { metadata })).toMatchObject({
    environment: {},
  })
  await client.unary('reportPolicyStatus', { sandboxId, version: 1, status: 2 }, { metadata })
  expect((await setup.get()).status?.currentPolicyVersion).toBe(1)
  const renewed = await client.unary('refreshSandboxToken', {}, { metadata })
  await using again = new TestSupervisor(setup.gateway.endpoint, renewed.token)
  await again.connect(sandboxId)
})

test('a sandbox without a policy gets the one that its supervisor found in the image', async () => {
  await using setup = await Setup.start()
  const sandbox = await setup.create()
  await using supervisor = await setup.supervise(sandbox)
  const { client, metadata } = supervisor
  const sandboxId = idOf(sandbox)
  const before = await client.unary('getSandboxConfig', { sandboxId }, { metadata })
  expect(before).toMatchObject({ version: 0, policyHash: '' })
  expect(before.policy).toBeUndefined()
  const found = { version: 1, filesystem: { readWrite: ['/tmp'] }, networkPolicies: { _provider_x: {}, own: {} } }
  await client.unary('updateConfig', { name: 'box', policy: found, workspace: 'default' }, { metadata })
  const after = await client.unary('getSandboxConfig', { sandboxId }, { metadata })
  expect(after).toMatchObject({ version: 1, policy: { filesystem: { readWrite: ['/tmp'] } } })
  expect(Object.keys(after.policy?.networkPolicies ?? {})).toEqual(['own'])
  expect((await setup.get()).spec?.policy).toEqual(after.policy)
})

test('pushed logs are kept, at most 100 lines a batch, and shown as the sandbox’s own', async () => {
  await using setup = await Setup.start()
  const sandbox = await setup.create()
  const sandboxId = idOf(sandbox)
  await using supervisor = await setup.supervise(sandbox)
  const line = (index: number) => ({ message: `line ${index}`, level: 'INFO', source: 'forged', sandboxId: 'forged' })
  const { requests, response } = supervisor.client.clientStream('pushSandboxLogs', { metadata: supervisor.metadata })
  requests.write(logBatch('', []))
  requests.write(
    logBatch(
      sandboxId,
      Array.from({ length: 101 }, (_, index) => line(index)),
    ),
  )
  requests.end()
  await response
  const { logs } = await setup.client.unary('getSandboxLogs', { sandboxId, sources: ['sandbox'] })
  expect(logs.length).toBe(100)
  expect(logs.at(-1)).toMatchObject({ message: 'line 99', source: 'sandbox', sandboxId })
})

function logBatch(sandboxId: string, logs: object[]) {
  const lines = logs.map((log) => ({
    $typeName: 'openshell.v1.SandboxLogLine' as const,
    timestampMs: 1n,
    target: '',
    fields: {},
    ...(log as { message: string; level: string; source: string; sandboxId: string }),
  }))
  return { $typeName: 'openshell.v1.PushSandboxLogsRequest' as const, sandboxId, logs: lines }
}
