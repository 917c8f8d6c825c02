import { once } from 'node:events'
import { create } from '@bufbuild/protobuf'
import { credentials, status } from '@grpc/grpc-js'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import {
  DeletionOutcome,
  ExecSandboxInputSchema,
  OpenShell,
  PushSandboxLogsRequestSchema,
  SandboxPhase,
  TcpForwardFrameSchema,
} from '@openshell-ts/protocol/v0-1'
import { expect, test } from 'vitest'
import { echoRelay } from './echo-relay.js'
import { LaterSetup, scope } from './later-setup.js'
import { execResult, failure } from './test-client.js'

const running = async (setup: LaterSetup) => {
  const sandbox = await setup.create()
  return { id: sandbox.metadata?.id ?? '', supervisor: await setup.supervise(sandbox) }
}
const inBox = { sandbox: 'box', workspaceScope: scope }

test('driver-contract 12: a supervisor is told how often it hears from the gateway, and its sandbox is Ready', async () => {
  await using setup = await LaterSetup.start()
  const { supervisor } = await running(setup)
  const { payload } = await supervisor.received('sessionAccepted')
  // The supervisor of the test reads the messages of line 0.0, to which the interval is an unknown field.
  expect(payload).toMatchObject({ value: { heartbeatIntervalSecs: 0, $unknown: [{ no: 102 }] } })
  expect((await setup.get()).status?.phase).toBe(SandboxPhase.READY)
  await supervisor[Symbol.asyncDispose]()
})

test('gateway-client 12: a command is run by name, with a time limit as a duration', async () => {
  await using setup = await LaterSetup.start()
  const { supervisor } = await running(setup)
  supervisor.onCommand = (line, channel) => {
    if (line === 'sleep 60') return
    channel.write(line)
    channel.exit(3)
    channel.end()
  }
  const exec = (command: string[], more: object = {}) =>
    execResult(setup.client.serverStream('execSandbox', { ...inBox, command, ...more } as never))
  expect(await exec(['echo', 'a b'])).toMatchObject({ stdout: "echo 'a b'", exitCode: 3 })
  expect(await exec(['sleep', '60'], { executionTimeout: { seconds: 0n, nanos: 50_000_000 } })).toMatchObject({
    exitCode: 124,
  })
  const unknown = setup.client.serverStream('execSandbox', { ...inBox, sandbox: 'other', command: ['true'] })
  expect(await failure(execResult(unknown))).toMatchObject({ code: status.NOT_FOUND })
  const nowhere = setup.client.serverStream('execSandbox', { sandbox: 'box', command: ['true'] })
  expect((await failure(execResult(nowhere))).details).toMatch(/^workspace_scope/)
  await supervisor[Symbol.asyncDispose]()
})

test('gateway-client 12: a shell that reads no profile is asked for before the command', async () => {
  await using setup = await LaterSetup.start()
  const { supervisor } = await running(setup)
  supervisor.onCommand = (_line, channel, _terminal, environment) => {
    channel.write(JSON.stringify(environment))
    channel.exit(0)
    channel.end()
  }
  const exec = async (noLoginShell: boolean) => {
    const stream = setup.client.serverStream('execSandbox', { ...inBox, command: ['true'], noLoginShell })
    return (await execResult(stream)).stdout
  }
  expect(await exec(true)).toBe('{"OPENSHELL_NO_LOGIN_SHELL":"1"}')
  expect(await exec(false)).toBe('{}')
  await supervisor[Symbol.asyncDispose]()
})

test('gateway-client 13: the end of an interactive stream is the end of the input, and the output still comes', async () => {
  await using setup = await LaterSetup.start()
  const { supervisor } = await running(setup)
  supervisor.onCommand = (_line, channel) => {
    let input = ''
    channel.on('data', (bytes: Buffer) => {
      input += bytes.toString()
    })
    channel.on('end', () => {
      channel.write(`${input}end`)
      channel.exit(6)
      channel.end()
    })
  }
  const stream = setup.client.bidiStream('execSandboxInteractive')
  stream.write(create(ExecSandboxInputSchema, { payload: { case: 'start', value: { ...inBox, command: ['cat'] } } }))
  stream.write(create(ExecSandboxInputSchema, { payload: { case: 'stdin', value: Buffer.from('one\n') } }))
  stream.end()
  expect(await execResult(stream)).toMatchObject({ stdout: 'one\nend', exitCode: 6 })
  await supervisor[Symbol.asyncDispose]()
})

test.each([
  [0, SandboxPhase.COMPLETED, 'MainProcessCompleted'],
  [3, SandboxPhase.ERROR, 'MainProcessFailed'],
])(
  'driver-contract 11.2, 12, gateway-client 11: a main process that ends with %i leaves a sandbox that can be started again',
  async (exitCode, phase, reason) => {
    await using setup = await LaterSetup.start()
    const { id, supervisor } = await running(setup)
    const report = { sandboxId: id, instanceId: 'instance-1', exitCode }
    await supervisor.client.unary('reportMainProcessExit', report, { metadata: supervisor.metadata })
    const ended = await setup.get()
    expect(ended.status).toMatchObject({ phase, exitCode })
    expect(ended.status?.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'False', reason }))
    setup.driver.emitStatus(id, 'box', { conditions: [{ type: 'Ready', status: 'True' }] })
    const started = await setup.client.unary('startSandbox', { name: 'box', workspaceScope: scope })
    expect(started.sandbox?.status?.phase).toBe(SandboxPhase.STARTING)
    await supervisor[Symbol.asyncDispose]()
  },
)

test('driver-contract 9: a sandbox in Error for another reason is not started again', async () => {
  await using setup = await LaterSetup.start()
  const { metadata } = await setup.create()
  await setup.driver.watched()
  setup.driver.emitStatus(metadata?.id ?? '', 'box', {
    conditions: [{ type: 'Ready', status: 'False', reason: 'Oops' }],
  })
  await setup.reaches(SandboxPhase.ERROR)
  expect(await failure(setup.client.unary('startSandbox', { name: 'box', workspaceScope: scope }))).toMatchObject({
    code: status.FAILED_PRECONDITION,
    details: 'sandbox must be Stopped, Completed, or a failed main-process Error to start (current phase: Error)',
  })
})

test('supervisor 12: an ephemeral sandbox is deleted when its main process was finalized', async () => {
  await using setup = await LaterSetup.start()
  const sandbox = await setup.create({ annotations: { 'openshell.nvidia.com/retention': 'ephemeral' } })
  const sandboxId = sandbox.metadata?.id ?? ''
  const supervisor = await setup.supervise(sandbox)
  const { metadata } = supervisor
  const client = new GrpcServiceClient(OpenShell, `127.0.0.1:${setup.gateway.port}`, credentials.createInsecure())
  const finalize = () => client.unary('finalizeMainProcessExit', { sandboxId, instanceId: 'instance-1' }, { metadata })
  await finalize()
  expect(setup.driver.callsOf('deleteSandbox')).toEqual([])
  await client.unary('reportMainProcessExit', { sandboxId, instanceId: 'instance-1', exitCode: 0 }, { metadata })
  await finalize()
  expect((await setup.driver.received('deleteSandbox')).request.sandboxId).toBe(sandboxId)
  client.close()
  await supervisor[Symbol.asyncDispose]()
})

test('driver-contract 12: no supervisor connects to a sandbox that is stopped', async () => {
  await using setup = await LaterSetup.start()
  const { supervisor } = await running(setup)
  const sandbox = await setup.get()
  await setup.client.unary('stopSandbox', { name: 'box', workspaceScope: scope })
  expect(await failure(setup.supervise(sandbox))).toMatchObject({
    code: status.FAILED_PRECONDITION,
    details: 'sandbox is not accepting supervisor sessions while Stopped',
  })
  await supervisor[Symbol.asyncDispose]()
})

test('gateway-client 14: an SSH session opens forwards to a sandbox by its name, until it is revoked', async () => {
  await using setup = await LaterSetup.start()
  const { id, supervisor } = await running(setup)
  supervisor.onRelayOpen = (channelId) => echoRelay(supervisor, channelId)
  const session = await setup.client.unary('createSshSession', inBox)
  expect(session).toMatchObject({ sandboxId: id, gatewayPort: setup.gateway.port, gatewayScheme: 'http' })
  expect(session.expirationTime?.seconds).toBeGreaterThan(1_500_000_000n)
  const frame = (payload: object) => create(TcpForwardFrameSchema, { payload } as never)
  const open = (workspace: string) => {
    const stream = setup.client.bidiStream('forwardTcp')
    const target = { case: 'tcp', value: { host: '127.0.0.1', port: 80 } }
    const init = { sandbox: 'box', workspace, target, authorizationToken: session.token }
    stream.write(frame({ case: 'init', value: init }))
    return stream
  }
  const stream = open('default')
  stream.write(frame({ case: 'data', value: Buffer.from('ping') }))
  const [answer] = await once(stream, 'data')
  expect(Buffer.from(answer.payload.value).toString()).toBe('ping')
  stream.end()
  expect((await once(open(''), 'error'))[0]).toMatchObject({ details: 'workspace is required' })
  const revoke = (token: string, allowMissing: boolean) =>
    setup.client.unary('revokeSshSession', { token, allowMissing })
  expect((await revoke(session.token, false)).outcome).toBe(DeletionOutcome.COMPLETED)
  expect((await once(open('default'), 'error'))[0]).toMatchObject({ code: status.UNAUTHENTICATED })
  expect(await failure(revoke('unknown', false))).toMatchObject({ code: status.NOT_FOUND })
  expect((await revoke('unknown', true)).outcome).toBe(DeletionOutcome.ALREADY_ABSENT)
  await supervisor[Symbol.asyncDispose]()
})

test('gateway-client 16: logs are pushed by the supervisor and read by name', async () => {
  await using setup = await LaterSetup.start()
  const { id, supervisor } = await running(setup)
  const client = new GrpcServiceClient(OpenShell, `127.0.0.1:${setup.gateway.port}`, credentials.createInsecure())
  const { requests, response } = client.clientStream('pushSandboxLogs', { metadata: supervisor.metadata })
  const eventTime = { seconds: 1_800_000_000n, nanos: 0 }
  const logs = [{ eventTime, level: 'INFO', message: 'hello' }]
  requests.write(create(PushSandboxLogsRequestSchema, { sandboxId: id, logs } as never))
  requests.end()
  await response
  const kept = await setup.client.unary('getSandboxLogs', { ...inBox, sources: ['sandbox'] })
  expect(kept.logs).toMatchObject([
    { sandboxId: id, message: 'hello', source: 'sandbox', eventTime: { seconds: 1_800_000_000n } },
  ])
  const later = await setup.client.unary('getSandboxLogs', {
    ...inBox,
    sources: ['sandbox'],
    sinceTime: { seconds: 1_800_000_001n },
  })
  expect(later.logs).toEqual([])
  client.close()
  await supervisor[Symbol.asyncDispose]()
})

test('gateway-client 4: a supervisor reads the configuration of its own sandbox only', async () => {
  await using setup = await LaterSetup.start()
  const { id, supervisor } = await running(setup)
  const { metadata } = supervisor
  const client = new GrpcServiceClient(OpenShell, `127.0.0.1:${setup.gateway.port}`, credentials.createInsecure())
  const asSupervisor = await client.unary('getSandboxConfig', { name: id }, { metadata })
  expect(asSupervisor).toMatchObject({ workspace: 'default', configurationAdmitted: true })
  expect(await client.unary('getSandboxConfig', { name: 'box', workspaceScope: scope })).toEqual(asSupervisor)
  const inWorkspace = (value: string) => ({ selection: { case: 'workspace', value } }) as const
  for (const reference of [{ name: 'box' }, { name: 'box', workspaceScope: inWorkspace('default') }]) {
    expect(await client.unary('getSandboxConfig', reference, { metadata })).toEqual(asSupervisor)
  }
  for (const reference of [{ name: 'other' }, { name: 'box', workspaceScope: inWorkspace('other') }]) {
    expect(await failure(client.unary('getSandboxConfig', reference, { metadata }))).toMatchObject({
      code: status.PERMISSION_DENIED,
    })
  }
  expect(await client.unary('refreshSandboxToken', {}, { metadata })).toMatchObject({ token: expect.any(String) })
  client.close()
  await supervisor[Symbol.asyncDispose]()
})
