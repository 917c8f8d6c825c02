import { EventEmitter, getEventListeners, once } from 'node:events'
import { create } from '@bufbuild/protobuf'
import { credentials, type ServiceError, status } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { GrpcServiceClient } from '../src/grpc/index.js'
import {
  GatewayMessageSchema,
  HealthResponseSchema,
  OpenShell,
  PushSandboxLogsResponseSchema,
  SandboxStreamEventSchema,
} from '../src/v0-0.js'
import { type OpenShellHandlers, openShellPair } from './open-shell-pair.js'

/** Handlers that never answer, and tell when a call has arrived and when it was cancelled. */
function silentHandlers(): { handlers: OpenShellHandlers; calls: EventEmitter } {
  const calls = new EventEmitter()
  const silent = (call: NodeJS.EventEmitter) => {
    call.on('cancelled', () => calls.emit('cancelled'))
    calls.emit('arrived', call)
  }
  const handlers: OpenShellHandlers = {
    health: silent,
    pushSandboxLogs: silent,
    watchSandbox(call) {
      silent(call)
      call.write(create(SandboxStreamEventSchema))
    },
    connectSupervisor(call) {
      silent(call)
      call.write(create(GatewayMessageSchema))
    },
  }
  return { handlers, calls }
}

async function codeOf(call: Promise<unknown>): Promise<number> {
  return call.then(
    () => status.OK,
    (error: ServiceError) => error.code,
  )
}

test('an abort cancels a unary call on both sides', async () => {
  const { handlers, calls } = silentHandlers()
  await using pair = await openShellPair(handlers)
  const controller = new AbortController()
  const arrived = once(calls, 'arrived')
  const code = codeOf(pair.client.unary('health', {}, { signal: controller.signal }))
  await arrived
  const cancelled = once(calls, 'cancelled')
  controller.abort()
  expect(await code).toBe(status.CANCELLED)
  await cancelled
})

test.each(['serverStream', 'bidiStream'] as const)('an abort cancels a running %s on both sides', async (kind) => {
  const { handlers, calls } = silentHandlers()
  await using pair = await openShellPair(handlers)
  const controller = new AbortController()
  const { signal } = controller
  const call =
    kind === 'serverStream'
      ? pair.client.serverStream('watchSandbox', {}, { signal })
      : pair.client.bidiStream('connectSupervisor', { signal })
  await once(call, 'data')
  const cancelled = once(calls, 'cancelled')
  const failed = once(call, 'error')
  controller.abort()
  expect(await failed).toMatchObject([{ code: status.CANCELLED }])
  await cancelled
})

test('a signal that is aborted before the call keeps it from the server', async () => {
  const { handlers, calls } = silentHandlers()
  await using pair = await openShellPair({
    ...handlers,
    getSandbox: (_call, callback) => callback({ code: status.NOT_FOUND }),
  })
  await pair.client.waitForReady(new Date(Date.now() + 30_000))
  let arrivals = 0
  calls.on('arrived', () => {
    arrivals += 1
  })
  const signal = AbortSignal.abort()
  expect(await codeOf(pair.client.unary('health', {}, { signal }))).toBe(status.CANCELLED)
  const [error] = await once(pair.client.serverStream('watchSandbox', {}, { signal }), 'error')
  expect(error).toMatchObject({ code: status.CANCELLED })
  expect(await codeOf(pair.client.clientStream('pushSandboxLogs', { signal }).response)).toBe(status.CANCELLED)
  // A later call on the same connection has been answered: an earlier one would have arrived by now.
  expect(await codeOf(pair.client.unary('getSandbox', {}))).toBe(status.NOT_FOUND)
  expect(arrivals).toBe(0)
})

test('a deadline ends the call, and the server learns of it', async () => {
  const { handlers, calls } = silentHandlers()
  await using pair = await openShellPair(handlers)
  const arrived = once(calls, 'arrived')
  const deadline = new Date(Date.now() + 1_000)
  const code = codeOf(pair.client.unary('health', {}, { deadline }))
  const [call] = await arrived
  expect(Math.abs(Number(call.getDeadline()) - deadline.getTime())).toBeLessThan(1_000)
  expect(await code).toBe(status.DEADLINE_EXCEEDED)
})

test('a signal that outlives many calls is let go by each of them', async () => {
  await using pair = await openShellPair({
    health: (_call, callback) => callback(null, create(HealthResponseSchema)),
    getSandbox: (_call, callback) => callback({ code: status.NOT_FOUND }),
    watchSandbox: (call) => call.end(),
    connectSupervisor: (call) => call.end(),
    pushSandboxLogs: (_call, callback) => callback(null, create(PushSandboxLogsResponseSchema)),
  })
  const { signal } = new AbortController()
  await pair.client.unary('health', {}, { signal })
  await codeOf(pair.client.unary('getSandbox', {}, { signal }))
  for await (const _event of pair.client.serverStream('watchSandbox', {}, { signal })) expect.unreachable()
  await once(pair.client.bidiStream('connectSupervisor', { signal }).resume(), 'end')
  const logs = pair.client.clientStream('pushSandboxLogs', { signal })
  logs.requests.end()
  await logs.response
  await new Promise(setImmediate)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('breaking out of a loop over a stream cancels the call and lets the signal go', async () => {
  const { handlers, calls } = silentHandlers()
  await using pair = await openShellPair(handlers)
  const cancelled = once(calls, 'cancelled')
  const { signal } = new AbortController()
  const stream = pair.client.serverStream('watchSandbox', {}, { signal })
  const ended = new Promise((resolve) => stream.once('status', resolve))
  for await (const _event of stream) break
  await cancelled
  await ended
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('destroying either side of a stream of requests cancels the call', async () => {
  const { handlers, calls } = silentHandlers()
  await using pair = await openShellPair(handlers)
  const both = pair.client.bidiStream('connectSupervisor')
  await once(both, 'data')
  const firstCancelled = once(calls, 'cancelled')
  both.destroy()
  await firstCancelled

  const arrived = once(calls, 'arrived')
  const { requests, response } = pair.client.clientStream('pushSandboxLogs')
  const code = codeOf(response)
  await arrived
  const secondCancelled = once(calls, 'cancelled')
  requests.destroy()
  await secondCancelled
  expect(await code).toBe(status.CANCELLED)
})

test('ending the requests of a client stream leaves it waiting for its answer', async () => {
  const answered = new EventEmitter()
  await using pair = await openShellPair({
    pushSandboxLogs(call, callback) {
      call.resume().on('end', () => answered.emit('requests ended', callback))
    },
  })
  const ended = once(answered, 'requests ended')
  const { requests, response } = pair.client.clientStream('pushSandboxLogs')
  const closed = once(requests, 'close')
  requests.end()
  const [callback] = await ended
  await closed
  callback(null, create(PushSandboxLogsResponseSchema))
  expect(await response).toEqual(create(PushSandboxLogsResponseSchema))
})

test('close cancels what runs, and later calls fail', async () => {
  const { handlers, calls } = silentHandlers()
  await using pair = await openShellPair(handlers)
  const arrived = once(calls, 'arrived')
  const unary = codeOf(pair.client.unary('health', {}))
  await arrived
  const stream = pair.client.serverStream('watchSandbox', {})
  await once(stream, 'data')
  const failed = once(stream, 'error')
  pair.client.close()
  pair.client.close()
  expect(await unary).toBe(status.CANCELLED)
  expect(await failed).toMatchObject([{ code: status.CANCELLED }])
  await expect(pair.client.unary('health', {})).rejects.toThrow('shut down')
  await expect(pair.client.waitForReady(new Date(Date.now() + 30_000))).rejects.toThrow('The client is closed.')
})

test('waiting for a connection names the address when nobody listens', async () => {
  const client = new GrpcServiceClient(OpenShell, 'unix:/nobody/listens', credentials.createInsecure())
  const wait = client.waitForReady(new Date(Date.now() + 200))
  await expect(wait).rejects.toThrow(
    'No gRPC connection to unix:/nobody/listens: Failed to connect before the deadline.',
  )
  client.close()
})

test('a method that the service lacks is refused by name', async () => {
  const client = new GrpcServiceClient(OpenShell, 'unix:/nobody/listens', credentials.createInsecure())
  // @ts-expect-error the type forbids it; a caller without types still gets a sentence
  await expect(client.unary('getSandboxes', {})).rejects.toThrow('openshell.v1.OpenShell has no method "getSandboxes".')
  client.close()
})
