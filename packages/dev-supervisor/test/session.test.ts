import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { status } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { GatewayConnection } from '../src/gateway-connection.js'
import { openGatewayEndpoint } from '../src/gateway-endpoint.js'
import { SandboxToken } from '../src/sandbox-token.js'
import { GatewayEnd, gatewayMessage } from './gateway-end.js'
import { PATIENT, startSandbox, TOKEN } from './sandbox.js'

test('hello names sandbox and instance, comes before the gateway has sent anything, and carries the token', async () => {
  await using sandbox = await startSandbox()
  const session = await sandbox.gateway.session()
  expect(session.messages[0]?.payload).toMatchObject({
    case: 'hello',
    value: { sandboxId: 'sandbox-1', instanceId: sandbox.supervisor.instanceId },
  })
  expect(session.authorization).toBe(`Bearer ${TOKEN}`)
  await sandbox.gateway.openSsh()
  expect(sandbox.gateway.authorizations).toEqual([`Bearer ${TOKEN}`])
})

test('a relay that is asked for before the session is accepted is served', async () => {
  const gateway = new GatewayEnd()
  const channelId = randomUUID()
  const answer = gateway.relayResult(channelId)
  gateway.beforeAccept = ({ stream }) => {
    stream.write(gatewayMessage({ case: 'relayOpen', value: { channelId, target: { case: 'ssh', value: {} } } }))
  }
  await using _sandbox = await startSandbox({}, gateway)
  expect(await answer).toMatchObject({ success: true, error: '' })
})

test('a session that the gateway ends is opened again with the same instance id, and relays go on', async () => {
  await using sandbox = await startSandbox()
  const first = await sandbox.gateway.session()
  const ssh = await sandbox.gateway.openSsh()
  first.stream.end()
  const second = await sandbox.gateway.session(2)
  expect(second.instanceId).toBe(first.instanceId)
  expect((await ssh.run('echo the old relay')).stdout.toString()).toBe('the old relay\n')
  const fresh = await sandbox.gateway.openSsh()
  expect((await fresh.run('echo a new relay')).stdout.toString()).toBe('a new relay\n')
})

test('a gateway that goes away and comes back finds the same instance', async () => {
  await using sandbox = await startSandbox()
  const first = await sandbox.gateway.session()
  await sandbox.gateway.close()
  await using restarted = new GatewayEnd()
  await restarted.listen(sandbox.gateway.port)
  expect((await restarted.session()).instanceId).toBe(first.instanceId)
  const ssh = await restarted.openSsh()
  expect((await ssh.run('exit 9')).exitStatus).toBe(9)
})

// These wait for the next attempt of a supervisor, which is a second later and more.
test.concurrent('a session that is refused, by status or by message, is tried again', async () => {
  const gateway = new GatewayEnd()
  gateway.refuseSessions.push(
    (stream) => stream.emit('error', { code: status.NOT_FOUND, details: 'sandbox not found' }),
    (stream) => stream.write(gatewayMessage({ case: 'sessionRejected', value: { reason: 'not today' } })),
  )
  await using sandbox = await startSandbox({}, gateway)
  await gateway.session()
  expect(sandbox.log()).toContain('NOT_FOUND: sandbox not found')
  expect(sandbox.log()).toContain('the gateway rejected the session: not today')
})

test.concurrent('that the gateway is away is a warning once, and its return a line too', async () => {
  const gateway = new GatewayEnd()
  const refuse = (stream: Parameters<(typeof gateway.refuseSessions)[number]>[0]) => {
    stream.emit('error', { code: status.UNAVAILABLE, details: 'starting' })
  }
  gateway.refuseSessions.push(refuse, refuse)
  await using sandbox = await startSandbox({}, gateway)
  await gateway.openSsh()
  const lines = sandbox.log().split('\n')
  const levels = (text: string) =>
    lines.filter((line) => line.includes(text)).map((line) => (JSON.parse(line) as { level: number }).level)
  expect(levels('not connected to the gateway')).toEqual([40, 20])
  expect(levels('connected to the gateway').at(-1)).toBe(30)
})

test.concurrent('the token is in no log line, at any level', async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  await ssh.run('true')
  ;(await sandbox.gateway.session()).stream.end()
  await sandbox.gateway.session(2)
  await sandbox.supervisor.stop()
  expect(sandbox.log()).toContain('connected to the gateway')
  expect(sandbox.log()).not.toContain(TOKEN)
  expect(sandbox.log()).not.toContain(TOKEN.split('.')[2])
})

test('a token that expires is renewed in time, and the calls after that carry the new one', async () => {
  const claims = Buffer.from(JSON.stringify({ exp: Math.floor(Date.now() / 1000) })).toString('base64url')
  const expiring = `header.${claims}.signature`
  const gateway = new GatewayEnd()
  gateway.nextToken = 'a-token-without-an-expiry'
  await using sandbox = await startSandbox({ token: { token: expiring } }, gateway)
  await once(gateway.events, 'renewal')
  expect(gateway.authorizations).toEqual([`Bearer ${expiring}`])
  await expect.poll(() => sandbox.log(), PATIENT).toContain('sandbox token renewed')
  await gateway.openSsh()
  expect(gateway.authorizations.at(-1)).toBe('Bearer a-token-without-an-expiry')
  expect(sandbox.log()).not.toContain('a-token-without-an-expiry')
})

test('a connection closes in a turn of its own, for it may be let go while a frame is being read', async () => {
  await using gateway = new GatewayEnd()
  gateway.holdConfig = true
  await gateway.listen()
  const asked = once(gateway.events, 'config')
  const connection = new GatewayConnection(await openGatewayEndpoint(gateway.endpoint), new SandboxToken(TOKEN))
  const order: string[] = []
  const call = connection.getSandboxConfig('sandbox-1').catch(() => order.push('closed'))
  await asked
  setImmediate(() => order.push('next turn'))
  connection.release()
  await call
  expect(order).toEqual(['next turn', 'closed'])
})

test('stopping ends the session', async () => {
  await using sandbox = await startSandbox()
  const { stream } = await sandbox.gateway.session()
  const cancelled = once(stream, 'cancelled')
  await sandbox.supervisor.stop()
  await cancelled
})

test('log lines from info on are pushed as the sandbox’s own, in batches, and never hold the token', async () => {
  await using sandbox = await startSandbox()
  const { gateway } = sandbox
  const lines = () => gateway.logBatches.flatMap(({ logs }) => logs)
  while (!lines().some(({ message }) => message === 'connected to the gateway')) await once(gateway.events, 'logs')
  expect(gateway.logBatches[0]?.sandboxId).toBe('sandbox-1')
  expect(lines().find(({ message }) => message === 'connected to the gateway')).toMatchObject({
    level: 'INFO',
    target: 'openshell_dev_supervisor',
    fields: { endpoint: gateway.endpoint, sandboxId: 'sandbox-1' },
  })
  expect(lines().map(({ level }) => level)).not.toContain('DEBUG')
})

test('each revision of the policy is reported as loaded, once', async () => {
  const gateway = new GatewayEnd()
  gateway.policyVersion = 1
  await using _sandbox = await startSandbox({ configPollMs: 5 }, gateway)
  await once(gateway.events, 'policy')
  gateway.policyVersion = 2
  await once(gateway.events, 'policy')
  expect(gateway.policyReports).toMatchObject([
    { sandboxId: 'sandbox-1', version: 1, status: 2 },
    { sandboxId: 'sandbox-1', version: 2, status: 2 },
  ])
})
