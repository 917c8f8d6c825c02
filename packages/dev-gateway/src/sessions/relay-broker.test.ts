import { status } from '@grpc/grpc-js'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { RelayBroker } from './relay-broker.js'
import { RelayDuplex } from './relay-duplex.js'
import { type SessionMessage, SessionRegistry } from './session-registry.js'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function setUp() {
  const sessions = new SessionRegistry()
  const sent: SessionMessage[] = []
  const send = (message: SessionMessage) => sent.push(message)
  const connect = (sandboxId = 'a') => sessions.open(sandboxId, send).session
  const broker = new RelayBroker({ sessions, sessionWaitMs: 100, claimTimeoutMs: 50 })
  const channel = (index = 0) => {
    const payload = sent[index]?.payload
    return payload?.case === 'relayOpen' ? (payload.value.channelId ?? '') : ''
  }
  return { sessions, sent, connect, broker, channel }
}

const relay = () => new RelayDuplex({ send: () => Promise.resolve(), halfOpenTimeoutMs: 60_000 })
const refusal = (opening: Promise<unknown>) =>
  opening.then(
    () => 'opened',
    (error: unknown) => error,
  )

test('the supervisor is asked, and its stream is handed over once', async () => {
  const { broker, connect, channel, sent } = setUp()
  connect()
  const opening = broker.open('a', { type: 'tcp', host: '127.0.0.1', port: 80 }, 'service')
  await vi.advanceTimersByTimeAsync(0)
  expect(sent[0]?.payload).toMatchObject({
    case: 'relayOpen',
    value: { serviceId: 'service', target: { case: 'tcp', value: { host: '127.0.0.1', port: 80 } } },
  })
  const stream = relay()
  broker.claim(channel(), 'a', stream)
  expect(await opening).toBe(stream)
  expect(() => broker.claim(channel(), 'a', relay())).toThrow('unknown or expired relay channel')
  expect(vi.getTimerCount()).toBe(0)
})

test('another sandbox cannot claim or refuse the channel', async () => {
  const { broker, connect, channel } = setUp()
  connect()
  const opening = broker.open('a', { type: 'ssh' })
  await vi.advanceTimersByTimeAsync(0)
  expect(() => broker.claim(channel(), 'b', relay())).toThrow('cross-sandbox access denied')
  broker.refuse('b', channel(), 'not mine')
  const stream = relay()
  broker.claim(channel(), 'a', stream)
  expect(await opening).toBe(stream)
})

test('a refusal is the supervisor’s text, also an empty one', async () => {
  const { broker, connect, channel } = setUp()
  connect()
  const opening = refusal(broker.open('a', { type: 'ssh' }))
  await vi.advanceTimersByTimeAsync(0)
  broker.refuse('a', 'unknown', 'ignored')
  broker.refuse('a', channel(), '')
  expect(await opening).toMatchObject({ code: status.UNAVAILABLE, details: '' })
})

test('a channel that nobody claims times out, and cannot be claimed after that', async () => {
  const { broker, connect, channel } = setUp()
  connect()
  const opening = refusal(broker.open('a', { type: 'ssh' }))
  await vi.advanceTimersByTimeAsync(0)
  vi.advanceTimersByTime(50)
  expect(await opening).toMatchObject({ code: status.DEADLINE_EXCEEDED, details: 'relay open timed out' })
  expect(() => broker.claim(channel(), 'a', relay())).toThrow('unknown or expired relay channel')
})

test('without a supervisor the caller is told so when the wait is over', async () => {
  const { broker } = setUp()
  const opening = refusal(broker.open('a', { type: 'ssh' }))
  vi.advanceTimersByTime(100)
  expect(await opening).toMatchObject({
    code: status.UNAVAILABLE,
    details:
      'supervisor relay failed: code: \'The service is currently unavailable\', message: "supervisor session not connected"',
  })
})

test('a session that replaces another is asked again for its sandbox’s open channels only', async () => {
  const { broker, connect, sent } = setUp()
  connect('a')
  connect('b')
  void refusal(broker.open('a', { type: 'ssh' }))
  void refusal(broker.open('b', { type: 'ssh' }))
  await vi.advanceTimersByTimeAsync(0)
  broker.repeatPending(connect('a'))
  expect(sent.length).toBe(3)
  expect(sent[2]).toBe(sent[0])
  broker.close()
})

test('closing ends every wait', async () => {
  const { broker, connect } = setUp()
  connect()
  const opening = refusal(broker.open('a', { type: 'ssh' }))
  await vi.advanceTimersByTimeAsync(0)
  broker.close()
  expect(await opening).toMatchObject({ code: status.UNAVAILABLE })
  expect(vi.getTimerCount()).toBe(0)
})

test('a channel in use ends with the gateway, also when its supervisor has ended its side, and no timer stays', async () => {
  const { broker, connect, channel } = setUp()
  connect()
  const opening = broker.open('a', { type: 'ssh' })
  await vi.advanceTimersByTimeAsync(0)
  const stream = relay()
  broker.claim(channel(), 'a', stream)
  await opening
  stream.receiveEnd()
  broker.close()
  expect([stream.destroyed, vi.getTimerCount()]).toEqual([true, 0])
})
