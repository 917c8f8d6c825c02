import { create, type DescService } from '@bufbuild/protobuf'
import {
  type ChannelCredentials,
  Client,
  type ClientDuplexStream,
  type ClientOptions,
  type ClientReadableStream,
  type ClientWritableStream,
  type MethodDefinition,
  type requestCallback,
} from '@grpc/grpc-js'
import { type GrpcCallOptions, toCallArguments } from './call-options.js'
import { applyCallOptions, cancelOnDestroy, type RunningCall } from './running-call.js'
import { toGrpcServiceDefinition } from './service-definition.js'
import type { MethodNames, RequestInput, RequestMessage, ResponseMessage } from './service-methods.js'

/** A running client stream: requests go in on one side, the answer comes out on the other. */
export interface GrpcClientStream<Request, Response> {
  /** Takes the requests. `end()` asks for the answer, `destroy()` cancels the call. */
  readonly requests: ClientWritableStream<Request>
  /** The one answer. Rejects with grpc-js's `ServiceError`. */
  readonly response: Promise<Response>
}

/**
 * A typed client of one generated service over one `@grpc/grpc-js` channel.
 *
 * Every call fails with grpc-js's `ServiceError`: `code`, `details` (the message) and `metadata` (what the server sent
 * with the error, such as `grpc-status-details-bin`).
 */
export class GrpcServiceClient<Service extends DescService> {
  readonly #service: Service
  readonly #address: string
  readonly #client: Client
  readonly #definitions: ReturnType<typeof toGrpcServiceDefinition>
  readonly #running = new Set<RunningCall>()
  #closed = false

  /**
   * Connects with the first call, or with `waitForReady`; nothing is opened here.
   *
   * `address` is `unix:/path/to/socket` or `host:port`; `options` are grpc-js's channel options.
   */
  constructor(
    service: Service,
    address: string,
    credentials: ChannelCredentials,
    options: Partial<ClientOptions> = {},
  ) {
    this.#service = service
    this.#address = address
    this.#definitions = toGrpcServiceDefinition(service)
    this.#client = new Client(address, credentials, options)
  }

  /** Calls a unary method. */
  unary<Name extends MethodNames<Service, 'unary'>>(
    name: Name,
    request: RequestInput<Service, Name>,
    options: GrpcCallOptions = {},
  ): Promise<ResponseMessage<Service, Name>> {
    return new Promise((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = this.#definition(name)
      const message = this.#message(name, request)
      const [metadata, call] = toCallArguments(options)
      const done = settle(resolve, reject)
      this.#start(
        this.#client.makeUnaryRequest(path, requestSerialize, responseDeserialize, message, metadata, call, done),
        options,
      )
    })
  }

  /** Opens a server stream. Destroying it, as breaking out of a loop over it does, cancels the call. */
  serverStream<Name extends MethodNames<Service, 'server_streaming'>>(
    name: Name,
    request: RequestInput<Service, Name>,
    options: GrpcCallOptions = {},
  ): ClientReadableStream<ResponseMessage<Service, Name>> {
    const { path, requestSerialize, responseDeserialize } = this.#definition(name)
    const message = this.#message(name, request)
    const [metadata, call] = toCallArguments(options)
    return cancelOnDestroy(
      this.#start(
        this.#client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, message, metadata, call),
        options,
      ),
    )
  }

  /** Opens a client stream. */
  clientStream<Name extends MethodNames<Service, 'client_streaming'>>(
    name: Name,
    options: GrpcCallOptions = {},
  ): GrpcClientStream<RequestMessage<Service, Name>, ResponseMessage<Service, Name>> {
    const { path, requestSerialize, responseDeserialize } = this.#definition(name)
    const [metadata, call] = toCallArguments(options)
    let done: requestCallback<ResponseMessage<Service, Name>> = () => {}
    const response = new Promise<ResponseMessage<Service, Name>>((resolve, reject) => {
      done = settle(resolve, reject)
    })
    const requests = this.#start(
      this.#client.makeClientStreamRequest(path, requestSerialize, responseDeserialize, metadata, call, done),
      options,
    )
    // A finished stream closes too, while its answer is still to come.
    requests.once('close', () => {
      if (!requests.writableFinished) requests.cancel()
    })
    return { requests, response }
  }

  /** Opens a bidirectional stream. Destroying it cancels the call; `end()` closes the request side alone. */
  bidiStream<Name extends MethodNames<Service, 'bidi_streaming'>>(
    name: Name,
    options: GrpcCallOptions = {},
  ): ClientDuplexStream<RequestMessage<Service, Name>, ResponseMessage<Service, Name>> {
    const { path, requestSerialize, responseDeserialize } = this.#definition(name)
    const [metadata, call] = toCallArguments(options)
    return cancelOnDestroy(
      this.#start(
        this.#client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata, call),
        options,
      ),
    )
  }

  /** Connects now. Rejects when there is no connection at the deadline, and when the client is closed. */
  waitForReady(deadline: Date): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client.waitForReady(deadline, (cause) => {
        const reason = this.#closed ? 'The client is closed' : cause?.message
        if (reason === undefined) resolve()
        else reject(new Error(`No gRPC connection to ${this.#address}: ${reason}.`, cause && { cause }))
      })
    })
  }

  /** Cancels the running calls and closes the channel; later calls fail. Closing twice is harmless. */
  close(): void {
    this.#closed = true
    for (const call of this.#running) call.cancel()
    this.#client.close()
  }

  #start<Call extends RunningCall>(call: Call, options: GrpcCallOptions): Call {
    this.#running.add(call)
    call.once('status', () => this.#running.delete(call))
    applyCallOptions(call, options)
    return call
  }

  // The definitions are those of the service, so their messages are what the service's types say.
  #definition<Name extends keyof Service['method'] & string>(
    name: Name,
  ): MethodDefinition<RequestMessage<Service, Name>, ResponseMessage<Service, Name>> {
    const definition = this.#definitions[name]
    if (!definition) throw new TypeError(`${this.#service.typeName} has no method "${name}".`)
    return definition
  }

  #message<Name extends keyof Service['method'] & string>(
    name: Name,
    request: RequestInput<Service, Name>,
  ): RequestMessage<Service, Name> {
    const input: Service['method'][Name]['input'] | undefined = this.#service.method[name]?.input
    if (!input) throw new TypeError(`${this.#service.typeName} has no method "${name}".`)
    return create(input, request) as RequestMessage<Service, Name>
  }
}

function settle<T>(resolve: (value: T) => void, reject: (error: Error) => void): requestCallback<T> {
  return (error, response) => {
    if (error) reject(error)
    else resolve(response as T)
  }
}
