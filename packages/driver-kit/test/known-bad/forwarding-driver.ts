import { join } from 'node:path'
import { create } from '@bufbuild/protobuf'
import {
  status as codes,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceError,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { ComputeDriver, type WatchSandboxesEvent, type WatchSandboxesRequest } from '@openshell-ts/protocol/compute'
import {
  type MethodNames,
  type RequestMessage,
  type ResponseMessage,
  toGrpcServiceDefinition,
} from '@openshell-ts/protocol/grpc'
import { type Driver, type SettingDefinitions, serveDriver } from '../../src/index.js'
import { type ComputeClient, computeClient, temporaryFolder } from '../serve-in-test.js'

type UnaryName = MethodNames<typeof ComputeDriver, 'unary'>
type Answer<Name extends UnaryName> = Promise<ResponseMessage<typeof ComputeDriver, Name>>
type Request<Name extends UnaryName> = RequestMessage<typeof ComputeDriver, Name>

/** What is wrong with a driver: calls that it answers by itself, events that it sends in other ways. */
export interface DriverFault {
  /** Answers a call with the help of the good driver. */
  readonly calls?: { readonly [Name in UnaryName]?: (request: Request<Name>, good: ComputeClient) => Answer<Name> }
  /** What is sent for an event of the good driver; live are those that come after the watch has begun. */
  readonly events?: (event: WatchSandboxesEvent, isLive: boolean) => readonly WatchSandboxesEvent[]
  /** Leaves out events that the reader of a watch does not take at once. */
  readonly dropsForSlowReaders?: boolean
  /** Runs when a restart begins. */
  readonly beforeRestart?: () => void
  /** Runs when the restarted driver serves. */
  readonly afterRestart?: (good: ComputeClient) => Promise<void>
}

/** A good driver behind a faulty one. */
export interface FaultyDriver extends AsyncDisposable {
  readonly socketPath: string
  readonly restart: () => Promise<void>
}

/** Serves a good driver, and a faulty one in front of it that forwards what it does not spoil. */
export async function serveFaulty<Current, Definitions extends SettingDefinitions>(
  makeDriver: () => Driver<Current, Definitions>,
  fault: DriverFault,
): Promise<FaultyDriver> {
  const folder = await temporaryFolder()
  const good = { socketPath: join(folder.path, 'good.sock'), stateDirectory: join(folder.path, 'state') }
  const admissionConfigJson = '{"allow_driver_config":true}'
  let behind = await serveDriver(makeDriver(), { ...good, admissionConfigJson })
  let client = computeClient(good.socketPath)
  const socketPath = join(folder.path, 'faulty.sock')
  const server = new Server()
  server.addService(
    toGrpcServiceDefinition(ComputeDriver),
    forwardAll(() => client, fault),
  )
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socketPath}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    )
  })
  return {
    socketPath,
    async restart() {
      fault.beforeRestart?.()
      client.close()
      await behind.close()
      behind = await serveDriver(makeDriver(), { ...good, admissionConfigJson })
      client = computeClient(good.socketPath)
      await fault.afterRestart?.(client)
    },
    async [Symbol.asyncDispose]() {
      server.forceShutdown()
      client.close()
      await behind.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

function forwardAll(good: () => ComputeClient, fault: DriverFault): UntypedServiceImplementation {
  const { calls = {} } = fault
  const handlers: UntypedServiceImplementation = { watchSandboxes: forwardWatch(good, fault) }
  for (const { localName, methodKind } of ComputeDriver.methods) {
    if (methodKind !== 'unary') continue
    const name = localName as 'getSandbox'
    handlers[name] = forward(good, name, calls[name])
  }
  return handlers
}

function forward(
  good: () => ComputeClient,
  name: 'getSandbox',
  own: ((request: Request<'getSandbox'>, good: ComputeClient) => Answer<'getSandbox'>) | undefined,
): handleUnaryCall<Request<'getSandbox'>, Awaited<Answer<'getSandbox'>>> {
  return ({ request }, callback) => {
    const answer = own === undefined ? good().unary(name, request) : own(request, good())
    answer.then(
      (message) => callback(null, create(ComputeDriver.method[name].output, message)),
      (error: unknown) => callback(error as Error),
    )
  }
}

function forwardWatch(
  good: () => ComputeClient,
  { events: change = (event) => [event], dropsForSlowReaders = false }: DriverFault,
): handleServerStreamingCall<WatchSandboxesRequest, WatchSandboxesEvent> {
  return (call) => {
    const stream = good().serverStream('watchSandboxes', {})
    // The good driver sends its snapshot before it answers any later call.
    let isLive = false
    stream.on('metadata', (metadata) => {
      good()
        .unary('listSandboxes', {})
        .then(() => {
          isLive = true
          call.sendMetadata(metadata)
        })
    })
    stream.on('data', (event: WatchSandboxesEvent) => {
      if (dropsForSlowReaders && call.writableLength > 0) return
      for (const sent of change(event, isLive)) call.write(sent)
    })
    stream.on('error', (error) => call.emit('error', { code: codes.UNAVAILABLE, details: error.message }))
    call.on('cancelled', () => stream.cancel())
  }
}

/** An error as a driver would send it, without details. */
export function toServiceError(code: codes, details: string): ServiceError {
  return Object.assign(new Error(details), { code, details, metadata: new Metadata() })
}
