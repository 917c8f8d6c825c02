import { once } from 'node:events'
import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import { TcpForwardFrameSchema } from '@openshell-ts/protocol/v0-0'
import { describe, expect, test } from 'vitest'
import { TestClock } from '../src/index.js'
import { echoRelay } from './echo-relay.js'
import { failure, Setup } from './test-client.js'
import type { TestSupervisor } from './test-supervisor.js'

type FrameInit = NonNullable<MessageInitShape<typeof TcpForwardFrameSchema>['payload']>
type InitFields = Extract<FrameInit, { case: 'init' }>['value']

const ssh = { case: 'ssh' as const, value: {} }
const tcp = (host: string, port: number) => ({ case: 'tcp' as const, value: { host, port } })
const frame = (payload: FrameInit) => create(TcpForwardFrameSchema, { payload })

/** A ready sandbox whose supervisor sends back what relays bring, and a session of it. */
class Forwarding implements AsyncDisposable {
  readonly setup: Setup
  readonly sandboxId: string
  readonly supervisor: TestSupervisor
  readonly token: string

  private constructor({
    setup,
    sandboxId,
    supervisor,
    token,
  }: Pick<Forwarding, 'setup' | 'sandboxId' | 'supervisor' | 'token'>) {
    this.setup = setup
    this.sandboxId = sandboxId
    this.supervisor = supervisor
    this.token = token
  }

  static async start(options: Parameters<typeof Setup.start>[0] = {}): Promise<Forwarding> {
    const setup = await Setup.start(options)
    const sandbox = await setup.create()
    const sandboxId = sandbox.metadata?.id ?? ''
    const supervisor = await setup.supervise(sandbox)
    supervisor.onRelayOpen = (channelId) => void echoRelay(supervisor, channelId)
    const { token } = await setup.client.unary('createSshSession', { sandboxId })
    return new Forwarding({ setup, sandboxId, supervisor, token })
  }

  /** Opens a forward with these fields in its first frame. */
  open(init: Partial<InitFields> = {}) {
    const stream = this.setup.client.bidiStream('forwardTcp')
    const fields = { sandboxId: this.sandboxId, target: ssh, authorizationToken: this.token, ...init } as InitFields
    // Those that are still open at the end of a test are cancelled.
    stream.on('error', () => undefined)
    stream.write(frame({ case: 'init', value: fields }))
    return stream
  }

  /** Opens a forward and resolves when a byte has gone through it. */
  async opened(init: Partial<InitFields> = {}) {
    const stream = this.open(init)
    stream.write(frame({ case: 'data', value: Buffer.from('x') }))
    await once(stream, 'data')
    return stream
  }

  /** The refusal of a forward. */
  async refusal(init: Partial<InitFields>) {
    const stream = this.open(init)
    return failure(once(stream.resume(), 'end'))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.supervisor[Symbol.asyncDispose]()
    await this.setup[Symbol.asyncDispose]()
  }
}

test('a session names the gateway, and lives for a day unless the gateway is told otherwise', async () => {
  await using forwarding = await Forwarding.start({ auth: { sshSessionLifetimeSeconds: 60 } })
  const { setup, sandboxId } = forwarding
  const before = BigInt(Date.now())
  const session = await setup.client.unary('createSshSession', { sandboxId })
  expect(session).toMatchObject({
    sandboxId,
    token: expect.stringMatching(/^[0-9a-f-]{36}$/),
    gatewayHost: '127.0.0.1',
    gatewayPort: setup.gateway.port,
    gatewayScheme: 'http',
    hostKeyFingerprint: '',
  })
  expect(session.expiresAtMs - before).toBeGreaterThanOrEqual(60_000n)
  await using endless = await Forwarding.start({ auth: { sshSessionLifetimeSeconds: 0 } })
  expect((await endless.setup.client.unary('createSshSession', { sandboxId: endless.sandboxId })).expiresAtMs).toBe(0n)
})

test('sessions of sandboxes that are missing or not ready are refused, and so is an empty token', async () => {
  await using setup = await Setup.start()
  const sandboxId = (await setup.create()).metadata?.id ?? ''
  const refused = async (id: string) => failure(setup.client.unary('createSshSession', { sandboxId: id }))
  expect(await refused('')).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'sandbox_id is required' })
  expect(await refused('box')).toMatchObject({ code: status.NOT_FOUND, details: 'sandbox not found' })
  expect(await refused(sandboxId)).toMatchObject({
    code: status.FAILED_PRECONDITION,
    details: 'sandbox is not ready',
  })
  const revoke = setup.client.unary('revokeSshSession', { token: '' })
  expect(await failure(revoke)).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'token is required' })
})

test('revoking answers true as often as it is asked, and false for a token that nobody was given', async () => {
  await using forwarding = await Forwarding.start()
  const { setup, token } = forwarding
  const running = await forwarding.opened()
  for (const [given, revoked] of [
    [token, true],
    [token, true],
    ['unknown', false],
  ] as const) {
    expect(await setup.client.unary('revokeSshSession', { token: given })).toMatchObject({ revoked })
  }
  expect(await forwarding.refusal({})).toMatchObject({ details: 'SSH session token is not valid' })
  running.write(frame({ case: 'data', value: Buffer.from('still open') }))
  const [echo] = await once(running, 'data')
  expect(Buffer.from(echo.payload.value).toString()).toBe('still open')
  running.end()
})

test('a token ends with its time, and with the stop of its sandbox', async () => {
  const clock = new TestClock()
  await using forwarding = await Forwarding.start({ clock })
  const { setup } = forwarding
  clock.skip(86_400_000)
  expect(await forwarding.refusal({})).toMatchObject({ details: 'SSH session token is not valid' })
  const other = await setup.create({ name: 'other' })
  await using _supervisor = await setup.supervise(other)
  const sandboxId = other.metadata?.id ?? ''
  const { token } = await setup.client.unary('createSshSession', { sandboxId })
  await setup.client.unary('stopSandbox', { name: 'other' })
  expect(await forwarding.refusal({ authorizationToken: token })).toMatchObject({
    code: status.UNAUTHENTICATED,
    details: 'SSH session token not found',
  })
})

describe('a forward is refused', () => {
  const { INVALID_ARGUMENT, UNAUTHENTICATED, NOT_FOUND } = status
  const loopback = 'tcp target host must be loopback'
  const port = 'tcp target port must be between 1 and 65535'
  test.each<[string, Partial<InitFields>, status, string]>([
    ['without a target', { target: { case: undefined } }, INVALID_ARGUMENT, 'tcp forward target is required'],
    ['without a host', { target: tcp(' ', 80) }, INVALID_ARGUMENT, 'tcp target host is required'],
    ['for port 0', { target: tcp('localhost', 0) }, INVALID_ARGUMENT, port],
    ['for a port too high', { target: tcp('localhost', 65_536) }, INVALID_ARGUMENT, port],
    ['for a name', { target: tcp('example.com', 80) }, INVALID_ARGUMENT, loopback],
    ['for another host', { target: tcp('10.0.0.1', 80) }, INVALID_ARGUMENT, loopback],
    ['for brackets', { target: tcp('[::1]', 80) }, INVALID_ARGUMENT, loopback],
    ['for a mapped address', { target: tcp('::ffff:127.0.0.1', 80) }, INVALID_ARGUMENT, loopback],
    ['for an unknown sandbox', { sandboxId: 'box' }, NOT_FOUND, 'sandbox not found'],
    ['without a sandbox', { sandboxId: '' }, INVALID_ARGUMENT, 'sandbox_id is required'],
    ['without a token', { authorizationToken: ' ' }, UNAUTHENTICATED, 'authorization_token is required for ForwardTcp'],
    ['for an unknown token', { authorizationToken: 'guess' }, UNAUTHENTICATED, 'SSH session token not found'],
  ])('%s', async (_name, init, code, details) => {
    await using forwarding = await Forwarding.start()
    expect(await forwarding.refusal(init)).toMatchObject({ code, details })
  })

  test('when its first frame is no init, or there is none', async () => {
    await using setup = await Setup.start()
    const data = setup.client.bidiStream('forwardTcp')
    data.write(frame({ case: 'data', value: Buffer.from('x') }))
    const first = { code: INVALID_ARGUMENT, details: 'first TcpForwardFrame must be init' }
    expect(await failure(once(data.resume(), 'end'))).toMatchObject(first)
    const empty = setup.client.bidiStream('forwardTcp')
    empty.end()
    const none = { code: INVALID_ARGUMENT, details: 'empty ForwardTcp stream' }
    expect(await failure(once(empty.resume(), 'end'))).toMatchObject(none)
  })

  test("with another sandbox's token", async () => {
    await using forwarding = await Forwarding.start()
    const other = await forwarding.setup.create({ name: 'other' })
    await using _supervisor = await forwarding.setup.supervise(other)
    expect(await forwarding.refusal({ sandboxId: other.metadata?.id ?? '' })).toMatchObject({
      code: UNAUTHENTICATED,
      details: 'SSH session token is not valid',
    })
  })
})

test('three forwards a token and twenty a sandbox, and an ended one makes room', async () => {
  await using forwarding = await Forwarding.start()
  const { setup, sandboxId } = forwarding
  const first = await forwarding.opened()
  await forwarding.opened()
  await forwarding.opened()
  const tokenFull = { code: status.RESOURCE_EXHAUSTED, details: 'SSH session connection limit reached' }
  expect(await forwarding.refusal({})).toMatchObject(tokenFull)
  for (let open = 3; open < 20; open++) {
    const { token } = await setup.client.unary('createSshSession', { sandboxId })
    await forwarding.opened({ authorizationToken: token })
  }
  const { token } = await setup.client.unary('createSshSession', { sandboxId })
  const sandboxFull = { code: status.RESOURCE_EXHAUSTED, details: 'sandbox SSH connection limit reached' }
  expect(await forwarding.refusal({ authorizationToken: token })).toMatchObject(sandboxFull)
  first.end()
  await once(first.resume(), 'end')
  await forwarding.opened({ authorizationToken: token })
})

test('target and service go to the supervisor as the client wrote them, localhost as an address', async () => {
  await using forwarding = await Forwarding.start()
  await forwarding.opened({ target: tcp(' LocalHost ', 8080), serviceId: 'service-forward:box:localhost:8080' })
  const opened = await forwarding.supervisor.received('relayOpen')
  expect(opened.payload.value).toMatchObject({
    target: { case: 'tcp', value: { host: '127.0.0.1', port: 8080 } },
    serviceId: 'service-forward:box:localhost:8080',
  })
})

test('a supervisor that cannot connect is the answer, and the place is free again', async () => {
  await using forwarding = await Forwarding.start()
  const { supervisor } = forwarding
  supervisor.onRelayOpen = (channelId) =>
    supervisor.send({ case: 'relayOpenResult', value: { channelId, success: false, error: 'connection refused' } })
  for (let attempt = 0; attempt < 4; attempt++) {
    const refused = { code: status.UNAVAILABLE, details: 'connection refused' }
    expect(await forwarding.refusal({ target: tcp('127.0.0.1', 1) })).toMatchObject(refused)
  }
})

test('a client that cancels ends its relay at once', async () => {
  await using forwarding = await Forwarding.start()
  const { supervisor } = forwarding
  const ended = new Promise<void>((resolve) => {
    supervisor.onRelayOpen = (channelId) => echoRelay(supervisor, channelId).once('close', resolve)
  })
  const stream = await forwarding.opened()
  stream.cancel()
  await ended
})
