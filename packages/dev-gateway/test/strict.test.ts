import { once } from 'node:events'
import { create } from '@bufbuild/protobuf'
import { Client, credentials, status } from '@grpc/grpc-js'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { ExecSandboxInputSchema, OpenShell, TcpForwardFrameSchema } from '@openshell-ts/protocol/v0-0'
import { OpenShell as LaterOpenShell } from '@openshell-ts/protocol/v0-1'
import { describe, expect, test } from 'vitest'
import {
  createSimulatedDriver,
  type DevGateway,
  type DevGatewayOptions,
  StrictError,
  type StrictProblem,
  startDevGateway,
  TestClock,
} from '../src/index.js'
import { EitherLineClient } from './either-line-client.js'
import { scope } from './later-setup.js'
import { failure, Setup } from './test-client.js'

const channel = (gateway: DevGateway) =>
  [
    `127.0.0.1:${gateway.port}`,
    credentials.createInsecure(),
    { 'grpc.use_local_subchannel_pool': 1 } as object,
  ] as const

/** What a gateway finds wrong now. */
async function problemsOf(check: Promise<void>): Promise<readonly StrictProblem[]> {
  const error = await check.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error === undefined) return []
  if (error instanceof StrictError) return error.problems
  throw error
}

const texts = async (check: Promise<void>) => (await problemsOf(check)).map(({ message }) => message)

/** Calls a path with nothing. */
function callPath(gateway: DevGateway, path: string) {
  const client = new Client(...channel(gateway))
  const same = (bytes: Buffer) => bytes
  return new Promise<{ code?: number; details?: string } | null>((resolve) => {
    client.makeUnaryRequest(path, same, same, Buffer.alloc(0), (error) => resolve(error))
  }).finally(() => client.close())
}

describe.each([
  ['0.0', { workspace: 'default' }],
  ['0.1', { workspaceScope: scope }],
] as const)('on line %s', (line, workspace) => {
  const start = (options: DevGatewayOptions) => startDevGateway({ line, ...options })
  const connect = (gateway: DevGateway) =>
    new EitherLineClient(
      line === '0.0'
        ? new GrpcServiceClient(OpenShell, ...channel(gateway))
        : new GrpcServiceClient(LaterOpenShell, ...channel(gateway)),
    )

  test('calls that are expected, a health check and a fault that strikes are clean', async () => {
    const gateway = await start({
      strict: { expect: ['CreateSandbox', { rpc: 'GetSandbox', times: 2 }] },
      faults: ['GetSandbox:status=UNAVAILABLE:1'],
    })
    const client = connect(gateway)
    await client.unary('health', {})
    await client.unary('createSandbox', { name: 'box', spec: {}, ...workspace })
    await failure(client.unary('getSandbox', { name: 'box', ...workspace }))
    await client.unary('getSandbox', { name: 'box', ...workspace })
    client.close()
    await gateway.close()
  })

  test('each thing that a test did not mean, or left undone, is named when the gateway is closed', async () => {
    const gateway = await start({
      strict: { expect: ['CreateSandbox', { rpc: 'GetSandbox', times: 2 }, 'DeleteSandbox'], settleMs: 0 },
      clock: new TestClock(),
      faults: [
        'driver/CreateSandbox:delay=5:1',
        { rpc: 'ListSandboxes', sandbox: 'box', effect: 'half-open', messages: 2 },
      ],
    })
    const client = connect(gateway)
    await failure(client.unary('getSandbox', { name: 'box', ...workspace }))
    await client.unary('listWorkspaces', {})
    await client.unary('listWorkspaces', {})
    await failure(client.unary('exchangeProviderSubjectToken', {}))
    expect(await callPath(gateway, '/openshell.v1.OpenShell/MakeSandbox')).toMatchObject({
      code: status.UNIMPLEMENTED,
      details: '',
    })
    expect(await texts(gateway.close())).toMatchInlineSnapshot(`
      [
        "ExchangeProviderSubjectToken was called once; the gateway refuses it as UNIMPLEMENTED.",
        "/openshell.v1.OpenShell/MakeSandbox was called once; the gateway has no such method.",
        "ListWorkspaces was called 2 times, and is not among the expected calls; expect it, or do not call it.",
        "CreateSandbox was expected at least once and called 0 times; correct the test, or what it expects.",
        "GetSandbox was expected 2 times and called once; correct the test, or what it expects.",
        "DeleteSandbox was expected at least once and called 0 times; correct the test, or what it expects.",
        "The fault driver/CreateSandbox:delay=5:1 struck no call; make the call that it is for, or drop it.",
        "The fault ListSandboxes@box:half-open=2 struck no call; make the call that it is for, or drop it.",
      ]
    `)
    client.close()
  })

  test('an open watch is named with its sandbox and its age, until it has ended', async () => {
    const clock = new TestClock()
    await using gateway = await start({ strict: { settleMs: 0 }, clock })
    const client = connect(gateway)
    const { sandbox } = await client.unary('createSandbox', { name: 'box', spec: {}, ...workspace })
    const request = {
      ...workspace,
      ...(line === '0.0' ? { id: sandbox?.metadata?.id } : { sandbox: 'box' }),
      followStatus: true,
    }
    const stream = client.serverStream('watchSandbox', request).on('error', () => undefined)
    await once(stream, 'data')
    clock.skip(600_000)
    expect(await problemsOf(gateway.assertClean())).toEqual([
      {
        code: 'open-call',
        rpc: 'WatchSandbox',
        message: expect.stringMatching(
          /^WatchSandbox of sandbox box by unauthenticated-local-dev is still open after 60\d\.\d s; end or cancel the stream before the test is over\.$/,
        ),
      },
    ])
    expect(await problemsOf(gateway.assertClean())).toEqual([])
    client.close()
  })

  test('a stream that ends while the gateway is asked is clean', async () => {
    await using gateway = await start({ strict: true })
    const client = connect(gateway)
    const { sandbox } = await client.unary('createSandbox', { name: 'box', spec: {}, ...workspace })
    const request = { ...workspace, ...(line === '0.0' ? { id: sandbox?.metadata?.id } : { sandbox: 'box' }) }
    const stream = client.serverStream('watchSandbox', request).on('error', () => undefined)
    await once(stream, 'data')
    const clean = gateway.assertClean()
    stream.cancel()
    await clean
    client.close()
  })
})

test('streams of every kind that are left open are named, those of supervisors too', async () => {
  await using setup = await Setup.start({ strict: { settleMs: 0 } })
  const sandbox = await setup.create()
  const sandboxId = sandbox.metadata?.id ?? ''
  await using supervisor = await setup.supervise(sandbox)
  supervisor.onCommand = () => undefined
  const { token } = await setup.client.unary('createSshSession', { sandboxId })
  let asked = 0
  const allAsked = new Promise<void>((resolve) => {
    supervisor.onRelayOpen = (channelId) => {
      supervisor.serveRelay(channelId)
      asked += 1
      if (asked === 3) resolve()
    }
  })
  const forward = setup.client.bidiStream('forwardTcp').on('error', () => undefined)
  const init = { sandboxId, authorizationToken: token, serviceId: '', target: { case: 'ssh' as const, value: {} } }
  forward.write(create(TcpForwardFrameSchema, { payload: { case: 'init', value: init } }))
  const interactive = setup.client.bidiStream('execSandboxInteractive').on('error', () => undefined)
  const started = { sandboxId, command: ['sh'] }
  interactive.write(create(ExecSandboxInputSchema, { payload: { case: 'start', value: started } }))
  const exec = setup.client.serverStream('execSandbox', { sandboxId, command: ['x'] }).on('error', () => undefined)
  await allAsked
  await once(forward, 'data')
  const problems = await problemsOf(setup.gateway.assertClean())
  const whose = problems.map(({ message }) => message.split(' is still open')[0])
  expect(whose.sort()).toEqual(
    expect.arrayContaining([
      'ConnectSupervisor of sandbox box by its supervisor',
      'ExecSandbox of sandbox box by unauthenticated-local-dev',
      'ExecSandboxInteractive of sandbox box by unauthenticated-local-dev',
      'ForwardTcp of sandbox box by unauthenticated-local-dev',
      'RelayStream of sandbox box by its supervisor',
    ]),
  )
  for (const stream of [forward, interactive, exec]) stream.cancel()
})

test('supervisors that the gateway’s own driver starts, and those that are allowed, may stay', async () => {
  await using gateway = await startDevGateway({ drivers: [createSimulatedDriver()], strict: true })
  const client = new GrpcServiceClient(OpenShell, ...channel(gateway))
  await client.unary('createSandbox', { name: 'box', spec: {} })
  client.close()
  await gateway.assertClean()
  await using setup = await Setup.start({ strict: { allowOpen: ['ConnectSupervisor'], settleMs: 0 } })
  await using _supervisor = await setup.supervise(await setup.create())
  await setup.gateway.assertClean()
})

test('what is expected may be said later, and outlives a restart', async () => {
  await using setup = await Setup.start()
  await setup.create()
  setup.gateway.expectCalls(['GetSandbox'])
  await setup.gateway.restart()
  await setup.get()
  await setup.gateway.assertClean()
  setup.gateway.expectCalls(['DeleteSandbox'])
  setup.gateway.expectCalls([])
  await setup.get()
  expect(await problemsOf(setup.gateway.assertClean())).toMatchObject([
    { code: 'missing-call', rpc: 'DeleteSandbox' },
    { code: 'unexpected-call', rpc: 'GetSandbox' },
  ])
})

test.each([
  [['MakeSandbox'], 'The expected call MakeSandbox names no RPC; write it as CreateSandbox.'],
  [['GetSandbox', 'GetSandbox'], 'The expected call GetSandbox is there twice; give its number as times.'],
  [
    [{ rpc: 'GetSandbox', times: 0 }],
    'The expected call GetSandbox comes 0 times; give a whole number from 1, or none',
  ],
])('%j cannot be expected', async (calls, problem) => {
  await expect(startDevGateway({ strict: { expect: calls } })).rejects.toThrow(problem)
})
