import { once } from 'node:events'
import { create } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import { TcpForwardFrameSchema } from '@openshell-ts/protocol/v0-0'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { echoRelay } from './echo-relay.js'
import { relayFrame } from './relay-stream-duplex.js'
import { execResult, failure, Setup } from './test-client.js'
import type { TestSupervisor } from './test-supervisor.js'

let setup: Setup
let supervisor: TestSupervisor
let sandboxId: string

beforeAll(async () => {
  setup = await Setup.start()
  const sandbox = await setup.create()
  sandboxId = sandbox.metadata?.id ?? ''
  supervisor = await setup.supervise(sandbox)
})

afterAll(async () => {
  await supervisor[Symbol.asyncDispose]()
  await setup[Symbol.asyncDispose]()
})

type Frame = Parameters<typeof relayFrame>[0]

/** Opens a relay stream with these frames, and gives what it is refused with. */
function refusal(...frames: readonly Frame[]) {
  const stream = supervisor.client.bidiStream('relayStream', { metadata: supervisor.metadata })
  for (const frame of frames) stream.write(relayFrame(frame))
  return failure(once(stream.resume(), 'end'))
}

/** Starts a forward, and gives the channel that the gateway asks the supervisor for. */
async function openedChannel() {
  const { token } = await setup.client.unary('createSshSession', { sandboxId })
  const forward = setup.client.bidiStream('forwardTcp')
  forward.on('error', () => undefined)
  const asked = new Promise<string>((resolve) => {
    supervisor.onRelayOpen = resolve
  })
  const init = { sandboxId, authorizationToken: token, serviceId: '', target: { case: 'ssh' as const, value: {} } }
  forward.write(create(TcpForwardFrameSchema, { payload: { case: 'init', value: init } }))
  return { forward, channelId: await asked }
}

/** Proves that the gateway still serves this sandbox. */
async function stillServes(): Promise<void> {
  supervisor.onRelayOpen = (channelId) => supervisor.serveRelay(channelId)
  const stream = setup.client.serverStream('execSandbox', { sandboxId, command: ['true'] })
  expect((await execResult(stream)).exitCode).toBe(0)
}

test.each<[string, readonly Frame[], status, string]>([
  [
    'a channel that nobody asked for',
    [{ case: 'init', value: { channelId: 'unknown' } }],
    status.NOT_FOUND,
    'unknown or expired relay channel',
  ],
  [
    'no channel',
    [{ case: 'init', value: { channelId: '' } }],
    status.INVALID_ARGUMENT,
    'first RelayFrame must be init with non-empty channel_id',
  ],
  [
    'bytes before a channel',
    [{ case: 'data', value: Buffer.from('x') }],
    status.INVALID_ARGUMENT,
    'first RelayFrame must be init with non-empty channel_id',
  ],
])('a relay stream with %s ends with the reason', async (_name, frames, code, details) => {
  expect(await refusal(...frames)).toMatchObject({ code, details })
  await stillServes()
})

test('a channel can be claimed once', async () => {
  const { forward, channelId } = await openedChannel()
  const relay = echoRelay(supervisor, channelId)
  forward.write(create(TcpForwardFrameSchema, { payload: { case: 'data', value: Buffer.from('x') } }))
  await once(forward, 'data')
  expect(await refusal({ case: 'init', value: { channelId } })).toMatchObject({ code: status.NOT_FOUND })
  forward.cancel()
  relay.destroy()
})

test('a frame beyond the limit ends its stream with OUT_OF_RANGE, and the forward behind it', async () => {
  const { forward, channelId } = await openedChannel()
  const ended = once(forward.resume(), 'end').catch(() => undefined)
  const stream = supervisor.client.bidiStream('relayStream', { metadata: supervisor.metadata })
  const refused = failure(once(stream.resume(), 'end'))
  stream.write(relayFrame({ case: 'init', value: { channelId } }))
  await once(stream, 'metadata')
  stream.write(relayFrame({ case: 'data', value: Buffer.alloc(1_048_576) }))
  expect((await refused).code).toBe(status.OUT_OF_RANGE)
  await ended
  await stillServes()
})

test('a second init ends what the supervisor may send, and nothing else', async () => {
  const { forward, channelId } = await openedChannel()
  const stream = supervisor.client.bidiStream('relayStream', { metadata: supervisor.metadata })
  stream.on('error', () => undefined).resume()
  stream.write(relayFrame({ case: 'init', value: { channelId } }))
  stream.write(relayFrame({ case: 'data', value: Buffer.from('before') }))
  stream.write(relayFrame({ case: 'init', value: { channelId } }))
  stream.write(relayFrame({ case: 'data', value: Buffer.from('after') }))
  let heard = ''
  for await (const { payload } of forward) heard += Buffer.from(payload.value as Uint8Array).toString()
  expect(heard).toBe('before')
  await stillServes()
})

test('a relay whose client does not read holds a flooding supervisor back', async () => {
  const { forward, channelId } = await openedChannel()
  forward.pause()
  const stream = supervisor.client.bidiStream('relayStream', { metadata: supervisor.metadata })
  stream.on('error', () => undefined).resume()
  stream.write(relayFrame({ case: 'init', value: { channelId } }))
  const chunk = Buffer.alloc(16_384)
  let sent = 0
  while (sent < 32 * 1024 * 1024 && stream.write(relayFrame({ case: 'data', value: chunk }))) sent += chunk.length
  const drained = once(stream, 'drain')
  await stillServes()
  expect(sent).toBeLessThan(32 * 1024 * 1024)
  forward.resume()
  await drained
  forward.cancel()
})

test('a supervisor that takes a relay and never speaks costs one command its time, and no other', async () => {
  const taken = new Promise<void>((resolve) => {
    supervisor.onRelayOpen = (channelId) => {
      const stream = supervisor.client.bidiStream('relayStream', { metadata: supervisor.metadata })
      stream.on('error', () => undefined).resume()
      stream.write(relayFrame({ case: 'init', value: { channelId } }))
      resolve()
    }
  })
  const silent = setup.client.serverStream('execSandbox', { sandboxId, command: ['true'], timeoutSeconds: 1 })
  const result = execResult(silent)
  await taken
  await stillServes()
  expect(await result).toEqual({ stdout: '', stderr: '', exitCode: 124 })
})

test('thousands of messages that mean nothing leave the session as it is', async () => {
  for (let index = 0; index < 5_000; index++) {
    supervisor.send({ case: 'heartbeat', value: {} })
    supervisor.send({ case: 'relayOpenResult', value: { channelId: `none-${index}`, success: false, error: 'no' } })
    supervisor.send({ case: 'relayClose', value: { channelId: `none-${index}`, reason: '' } as never })
  }
  supervisor.send({ case: 'hello', value: { sandboxId: 'another', instanceId: 'x' } })
  await stillServes()
})
