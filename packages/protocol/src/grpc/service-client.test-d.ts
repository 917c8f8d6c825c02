import { create } from '@bufbuild/protobuf'
import {
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientWritableStream,
  credentials,
  type ServerUnaryCall,
} from '@grpc/grpc-js'
import { expectTypeOf, test } from 'vitest'
import {
  ComputeDriver,
  type GetSandboxRequest,
  type GetSandboxResponse,
  GetSandboxResponseSchema,
  type WatchSandboxesEvent,
} from '../compute.js'
import {
  type GatewayMessage,
  OpenShell,
  type PushSandboxLogsRequest,
  type PushSandboxLogsResponse,
  type SupervisorMessage,
} from '../v0-0.js'
import { type GrpcHandlers, GrpcServiceClient, type MethodNames } from './index.js'

const driver = new GrpcServiceClient(ComputeDriver, 'unix:/x', credentials.createInsecure())
const gateway = new GrpcServiceClient(OpenShell, 'unix:/x', credentials.createInsecure())

test('a client types requests and answers by the method name', () => {
  expectTypeOf(
    driver.unary('getSandbox', { sandboxId: 'id', name: 'web' }),
  ).resolves.toEqualTypeOf<GetSandboxResponse>()
  expectTypeOf(driver.serverStream('watchSandboxes', {})).toEqualTypeOf<ClientReadableStream<WatchSandboxesEvent>>()
  expectTypeOf(gateway.bidiStream('connectSupervisor')).toEqualTypeOf<
    ClientDuplexStream<SupervisorMessage, GatewayMessage>
  >()
  const { requests, response } = gateway.clientStream('pushSandboxLogs')
  expectTypeOf(requests).toEqualTypeOf<ClientWritableStream<PushSandboxLogsRequest>>()
  expectTypeOf(response).resolves.toEqualTypeOf<PushSandboxLogsResponse>()
})

test('names are those of the service, by kind', () => {
  expectTypeOf<MethodNames<typeof ComputeDriver, 'server_streaming'>>().toEqualTypeOf<'watchSandboxes'>()
  expectTypeOf<MethodNames<typeof ComputeDriver, 'client_streaming'>>().toEqualTypeOf<never>()
  expectTypeOf<MethodNames<typeof OpenShell, 'client_streaming'>>().toEqualTypeOf<'pushSandboxLogs'>()

  // @ts-expect-error a stream is no unary method
  driver.unary('watchSandboxes', {})
  // @ts-expect-error the service has no such method
  driver.unary('getSandboxes', {})
  // @ts-expect-error the wire name is not the local name
  driver.unary('GetSandbox', {})
  // @ts-expect-error a unary method is no stream
  driver.serverStream('getSandbox', {})
})

test('a request has the fields of its message and no other', () => {
  // @ts-expect-error line 0.0 called the field sandbox_name; here it is name
  driver.unary('getSandbox', { sandboxId: 'id', sandboxName: 'web' })
  // @ts-expect-error an id is a text
  driver.unary('getSandbox', { sandboxId: 7 })
})

test('handlers are typed one by one and must be complete', () => {
  type Handlers = GrpcHandlers<typeof ComputeDriver>
  expectTypeOf<Parameters<Handlers['getSandbox']>[0]>().toEqualTypeOf<
    ServerUnaryCall<GetSandboxRequest, GetSandboxResponse>
  >()
  const getSandbox: Handlers['getSandbox'] = (call, callback) => {
    expectTypeOf(call.request).toEqualTypeOf<GetSandboxRequest>()
    callback(null, create(GetSandboxResponseSchema))
    // @ts-expect-error an answer is a message of the method's type
    callback(null, {})
  }
  // @ts-expect-error the other methods are missing
  const incomplete: Handlers = { getSandbox }
  expectTypeOf(incomplete).toEqualTypeOf<Handlers>()
})
