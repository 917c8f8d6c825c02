import type { DescService } from '@bufbuild/protobuf'
import { type MethodDefinition, Server, type ServerCredentials } from '@grpc/grpc-js'
import { boundDeadlines } from './bound-deadlines.js'
import { cutConnections } from './cut-connections.js'
import { messageLimitBytes } from './decode-message.js'
import { listenError } from './listen-error.js'
import type { MethodHandlers } from './method-handlers.js'
import { openWindows } from './open-windows.js'
import { type PlainHttpHandlers, servePlainHttp } from './plain-http.js'
import type { RawCall } from './raw-call.js'
import { type AnyHandler, type ServeCallOptions, serveCall } from './serve-call.js'
import { answerUnknownMethods } from './unknown-methods.js'

/** A gRPC server on loopback. */
export interface GrpcListener {
  /** The port that it listens on. */
  readonly port: number
  /** Ends every call and connection at once. */
  close(): void
}

/** One service and what implements it. */
export interface ServedService {
  readonly service: DescService
  readonly handlers: MethodHandlers<DescService>
}

/** Pairs a service with its handlers. */
export function serveService<Service extends DescService>(
  service: Service,
  handlers: MethodHandlers<Service>,
): ServedService {
  return { service, handlers: handlers as MethodHandlers<DescService> }
}

/** How to serve. */
export interface GrpcListenerOptions extends ServeCallOptions {
  /** Plaintext or TLS. */
  readonly credentials: ServerCredentials
  /** How often to ask a connection whether it lives, in milliseconds. @default 20000 */
  readonly keepaliveMs?: number
  /** Answers what is no gRPC; without it nothing does but a 415. */
  readonly plainHttp?: PlainHttpHandlers
  /** Hears of each call of a path that no method has. */
  readonly onUnknownMethod?: (path: string) => void
}

/**
 * Serves gRPC over HTTP/2 on 127.0.0.1.
 *
 * `port` 0 takes a free one. Rejects when the port is taken.
 */
export async function listenGrpc(
  services: readonly ServedService[],
  port: number,
  options: GrpcListenerOptions,
): Promise<GrpcListener> {
  const server = new Server({
    'grpc.max_receive_message_length': messageLimitBytes,
    // Each call may hold one message that is not complete yet.
    'grpc.max_concurrent_streams': 1_000,
    'grpc.max_send_message_length': -1,
    // A connection whose other end is gone, or never spoke HTTP/2, is cut when it does not answer.
    'grpc.keepalive_time_ms': options.keepaliveMs ?? 20_000,
    'grpc.keepalive_timeout_ms': (options.keepaliveMs ?? 20_000) / 2,
  })
  for (const { service, handlers } of services) addService(server, service, handlers, options)
  answerUnknownMethods(server, (path) => options.onUnknownMethod?.(path))
  const boundPort = await bind(server, port, options.credentials)
  boundDeadlines(server)
  openWindows(server)
  const closePlainHttp = options.plainHttp && servePlainHttp(server, options.plainHttp)
  const close = () => {
    closePlainHttp?.()
    cutConnections(server)
    server.forceShutdown()
  }
  return { port: boundPort, close }
}

function bind(server: Server, port: number, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, credentials, (error, boundPort) => {
      if (error) reject(listenError(port, 'port', error))
      else resolve(boundPort)
    })
  })
}

// Every method is registered as a stream in both directions with its bytes untouched. On the wire that is the same, and
// one wrapper then serves all four kinds and decides itself what a bad message answers.
function addService(
  server: Server,
  service: DescService,
  handlers: MethodHandlers<DescService>,
  options: ServeCallOptions,
): void {
  const definition: Record<string, MethodDefinition<Uint8Array, Uint8Array>> = {}
  const implementation: Record<string, (call: RawCall) => void> = {}
  for (const method of service.methods) {
    const handler = handlers[method.localName] as AnyHandler | undefined
    if (!handler) continue
    definition[method.localName] = {
      path: `/${service.typeName}/${method.name}`,
      requestStream: true,
      responseStream: true,
      requestSerialize: asBuffer,
      requestDeserialize: (bytes: Buffer) => bytes,
      responseSerialize: asBuffer,
      responseDeserialize: (bytes: Buffer) => bytes,
    }
    implementation[method.localName] = (call) => void serveCall(method, handler, call, options)
  }
  server.addService(definition, implementation)
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
