import { Duplex } from 'node:stream'
import { create } from '@bufbuild/protobuf'
import { status as Code, Metadata } from '@grpc/grpc-js'
import { GatewayMessageSchema, type SupervisorMessage } from '@openshell-ts/protocol/v0-0'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { GatewayConnection, SessionCall } from './gateway-connection.js'
import { runSession } from './session.js'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})

afterEach(() => {
  vi.useRealTimers()
})

/** A session's stream without a network: what the supervisor sent, and what the gateway does. */
function startSession() {
  const sent: SupervisorMessage[] = []
  const stream = new Duplex({
    objectMode: true,
    read() {},
    write(message: SupervisorMessage, _encoding, callback) {
      sent.push(message)
      callback()
    },
  })
  const end = (code: Code, details: string) => stream.emit('status', { code, details, metadata: new Metadata() })
  const call = Object.assign(stream, { cancel: () => end(Code.CANCELLED, 'cancelled') }) as unknown as SessionCall
  const connection = { connectSupervisor: () => call, ready: async () => {} } as unknown as GatewayConnection
  const stop = new AbortController()
  const result = runSession({
    connection,
    sandboxId: 'sandbox',
    instanceId: 'instance',
    logger: pino({ level: 'silent' }),
    signal: stop.signal,
    onAccepted: () => {},
    onRelayOpen: () => {},
  })
  const accept = (heartbeatIntervalSecs: number) => {
    stream.emit(
      'data',
      create(GatewayMessageSchema, {
        payload: { case: 'sessionAccepted', value: { sessionId: 'session', heartbeatIntervalSecs } },
      }),
    )
  }
  return { sent, end, result, stop, accept, kinds: () => sent.map(({ payload }) => payload.case) }
}

test('the first heartbeat comes a full interval after the session was accepted', () => {
  const session = startSession()
  session.accept(15)
  vi.advanceTimersByTime(14_999)
  expect(session.kinds()).toEqual(['hello'])
  vi.advanceTimersByTime(1)
  expect(session.kinds()).toEqual(['hello', 'heartbeat'])
  vi.advanceTimersByTime(15_000)
  expect(session.kinds()).toEqual(['hello', 'heartbeat', 'heartbeat'])
})

test('no interval is shorter than 5 s', () => {
  const session = startSession()
  session.accept(0)
  vi.advanceTimersByTime(4_999)
  expect(session.kinds()).toEqual(['hello'])
  vi.advanceTimersByTime(1)
  expect(session.kinds()).toEqual(['hello', 'heartbeat'])
})

test('after the end no heartbeat comes, and the end says how', async () => {
  const session = startSession()
  session.accept(5)
  session.end(Code.OK, '')
  vi.advanceTimersByTime(60_000)
  expect(session.kinds()).toEqual(['hello'])
  expect(await session.result).toEqual({ type: 'ended' })
})

test('a status is the reason of a failure', async () => {
  const session = startSession()
  session.end(Code.PERMISSION_DENIED, 'this method requires a sandbox principal')
  expect(await session.result).toEqual({
    type: 'failed',
    reason: 'PERMISSION_DENIED: this method requires a sandbox principal',
  })
})

test('the signal cancels the call', async () => {
  const session = startSession()
  session.stop.abort()
  expect(await session.result).toEqual({ type: 'failed', reason: 'the supervisor is stopping' })
})
