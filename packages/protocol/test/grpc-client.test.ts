import { once } from 'node:events'
import { create } from '@bufbuild/protobuf'
import { Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { describe, expect, test } from 'vitest'
import type { GrpcHandlers } from '../src/grpc/index.js'
import {
  GatewayMessageSchema,
  HealthResponseSchema,
  type OpenShell,
  PushSandboxLogsResponseSchema,
  SandboxStreamEventSchema,
  ServiceStatus,
} from '../src/v0-0.js'
import { openShellPair } from './open-shell-pair.js'

const healthy = create(HealthResponseSchema, { status: ServiceStatus.HEALTHY, version: '0.0.111' })
const health: GrpcHandlers<typeof OpenShell>['health'] = (_call, callback) => callback(null, healthy)

function failure(call: Promise<unknown>): Promise<ServiceError> {
  return call.then(
    () => expect.unreachable('the call succeeded'),
    (error: ServiceError) => error,
  )
}

describe.each(['unix', 'tcp'] as const)('over %s', (transport) => {
  test('a unary call sends the request and returns the answer', async () => {
    const names: string[] = []
    await using pair = await openShellPair(
      {
        health,
        getSandbox(call, callback) {
          names.push(call.request.name)
          callback({ code: status.NOT_FOUND, details: 'sandbox not found' })
        },
      },
      transport,
    )
    expect(await pair.client.unary('health', {})).toEqual(healthy)
    const error = await failure(pair.client.unary('getSandbox', { name: 'web' }))
    expect([error.code, error.details, names]).toEqual([status.NOT_FOUND, 'sandbox not found', ['web']])
  })

  test('a server stream delivers its events in order and ends', async () => {
    await using pair = await openShellPair(
      {
        watchSandbox(call) {
          for (const message of ['a', 'b']) {
            call.write(create(SandboxStreamEventSchema, { payload: { case: 'warning', value: { message } } }))
          }
          call.end()
        },
      },
      transport,
    )
    const seen: unknown[] = []
    for await (const event of pair.client.serverStream('watchSandbox', { id: 'id' })) seen.push(event.payload.value)
    expect(seen).toMatchObject([{ message: 'a' }, { message: 'b' }])
  })

  test('a client stream takes requests and gives one answer', async () => {
    const lines: string[] = []
    await using pair = await openShellPair(
      {
        pushSandboxLogs(call, callback) {
          call.on('data', (batch) => lines.push(batch.sandboxId))
          call.on('end', () => callback(null, create(PushSandboxLogsResponseSchema)))
        },
      },
      transport,
    )
    const { requests, response } = pair.client.clientStream('pushSandboxLogs')
    for (const sandboxId of ['one', 'two']) {
      requests.write({ $typeName: 'openshell.v1.PushSandboxLogsRequest', sandboxId, logs: [] })
    }
    requests.end()
    expect(await response).toEqual(create(PushSandboxLogsResponseSchema))
    expect(lines).toEqual(['one', 'two'])
  })

  test('a bidirectional stream carries both sides', async () => {
    await using pair = await openShellPair({ connectSupervisor: accept }, transport)
    const call = pair.client.bidiStream('connectSupervisor')
    call.write(hello('abc'))
    const [answer] = await once(call, 'data')
    expect(answer.payload).toMatchObject({ case: 'sessionAccepted', value: { sessionId: 'session of abc' } })
    call.end()
    await once(call.resume(), 'end')
  })
})

const accept: GrpcHandlers<typeof OpenShell>['connectSupervisor'] = (call) => {
  call.on('data', (message) => {
    const sessionId = `session of ${message.payload.value.sandboxId}`
    call.write(create(GatewayMessageSchema, { payload: { case: 'sessionAccepted', value: { sessionId } } }))
  })
  call.on('end', () => call.end())
}

function hello(sandboxId: string) {
  return {
    $typeName: 'openshell.v1.SupervisorMessage' as const,
    payload: {
      case: 'hello' as const,
      value: { $typeName: 'openshell.v1.SupervisorHello' as const, sandboxId, instanceId: 'i' },
    },
  }
}

describe('metadata', () => {
  test('travels with the request, and onHeaders receives that of the answer', async () => {
    await using pair = await openShellPair({
      health(call, callback) {
        const headers = new Metadata()
        headers.set('x-echo', call.metadata.get('authorization')[0] ?? '')
        call.sendMetadata(headers)
        callback(null, healthy)
      },
    })
    const metadata = new Metadata()
    metadata.set('authorization', 'Bearer token')
    const seen: unknown[] = []
    await pair.client.unary('health', {}, { metadata, onHeaders: (headers) => seen.push(...headers.get('x-echo')) })
    expect(seen).toEqual(['Bearer token'])
  })

  test('onHeaders works on streams too', async () => {
    await using pair = await openShellPair({
      watchSandbox(call) {
        const headers = new Metadata()
        headers.set('x-line', '0.0')
        call.sendMetadata(headers)
        call.end()
      },
    })
    const seen: unknown[] = []
    const onHeaders = (headers: Metadata) => seen.push(...headers.get('x-line'))
    for await (const _event of pair.client.serverStream('watchSandbox', {}, { onHeaders })) expect.unreachable()
    expect(seen).toEqual(['0.0'])
  })

  test('an error carries every trailer, binary ones byte for byte', async () => {
    const details = Buffer.from([0, 1, 2, 255])
    await using pair = await openShellPair({
      health(_call, callback) {
        const metadata = new Metadata()
        metadata.set('grpc-status-details-bin', details)
        metadata.set('retry-after', '3')
        callback({ code: status.INVALID_ARGUMENT, details: 'no, Ünïcode %', metadata })
      },
    })
    const onHeaders = () => expect.unreachable('an error alone has no initial metadata')
    const error = await failure(pair.client.unary('health', {}, { onHeaders }))
    expect(error).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'no, Ünïcode %' })
    expect(error.metadata.get('grpc-status-details-bin')).toEqual([details])
    expect(error.metadata.get('retry-after')).toEqual(['3'])
  })
})
