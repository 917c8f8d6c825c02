import type { DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf'
import { create } from '@bufbuild/protobuf'
import {
  type CallOptions,
  type ChannelCredentials,
  Client,
  type ClientDuplexStream,
  type ClientOptions,
  type ClientReadableStream,
  type ClientWritableStream,
  Metadata,
} from '@grpc/grpc-js'
import { toGrpcMethodDefinition } from './service-definition.js'

type Methods<Service extends DescService> = Service['method']
type Input<Service extends DescService, Name extends keyof Methods<Service>> = Methods<Service>[Name]['input']
type Output<Service extends DescService, Name extends keyof Methods<Service>> = Methods<Service>[Name]['output']

/** Names of the service's methods of one kind. */
export type MethodNames<Service extends DescService, Kind extends string> = {
  [Name in keyof Methods<Service>]: Methods<Service>[Name] extends { methodKind: Kind } ? Name : never
}[keyof Methods<Service>] &
  string

/** What one call may carry besides its message. */
export interface GrpcCallOptions {
  /** Request metadata, such as `authorization`; none when absent. */
  readonly metadata?: Metadata | undefined
  /** Cancels the call when it aborts; the call then fails with CANCELLED. */
  readonly signal?: AbortSignal | undefined
  /** When the call fails with DEADLINE_EXCEEDED; no deadline when absent. */
  readonly deadline?: Date | undefined
  /** Receives the answer's initial metadata of a unary call. */
  readonly onHeaders?: ((headers: Metadata) => void) | undefined
}

/** A client of one generated service over one `@grpc/grpc-js` channel. */
export class GrpcServiceClient<Service extends DescService> {
  readonly #client: Client
  readonly #service: Service

  /** Opens nothing yet: the channel connects with the first call, or with `waitForReady`. */
  constructor(
    service: Service,
    address: string,
    credentials: ChannelCredentials,
    options: Partial<ClientOptions> = {},
  ) {
    this.#service = service
    this.#client = new Client(address, credentials, options)
  }

  /** Calls a unary method. Rejects with grpc-js's `ServiceError`. */
  unary<Name extends MethodNames<Service, 'unary'>>(
    name: Name,
    request: MessageInitShape<Input<Service, Name>>,
    options: GrpcCallOptions = {},
  ): Promise<MessageShape<Output<Service, Name>>> {
    const { path, requestSerialize, responseDeserialize } = this.#definition(name)
    const message = create(this.#method(name).input, request)
    return new Promise((resolve, reject) => {
      const call = this.#client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        message,
        options.metadata ?? new Metadata(),
        callOptions(options),
        (error, response) => {
          if (error) reject(error)
          else resolve(response as MessageShape<Output<Service, Name>>)
        },
      )
      if (options.onHeaders) call.on('metadata', options.onHeaders)
      cancelOnAbort(call, options.signal)
    })
  }

  /** Opens a server stream; destroying the returned stream cancels the call. */
  serverStream<Name extends MethodNames<Service, 'server_streaming'>>(
    name: Name,
    request: MessageInitShape<Input<Service, Name>>,
    options: GrpcCallOptions = {},
  ): ClientReadableStream<MessageShape<Output<Service, Name>>> {
    const { path, requestSerialize, responseDeserialize } = this.#definition(name)
    const message = create(this.#method(name).input, request)
    const call = this.#client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      message,
      options.metadata ?? new Metadata(),
      callOptions(options),
    )
    cancelOnAbort(call, options.signal)
    return call as ClientReadableStream<MessageShape<Output<Service, Name>>>
  }

  /** Opens a client stream; `onResponse` receives its one answer or its error. */
  clientStream<Name extends MethodNames<Service, 'client_streaming'>>(
    name: Name,
    onResponse: (error: Error | null, response?: MessageShape<Output<Service, Name>>) => void,
    options: GrpcCallOptions = {},
  ): ClientWritableStream<MessageShape<Input<Service, Name>>> {
    const { path, requestSerialize, responseDeserialize } = this.#definition(name)
    const call = this.#client.makeClientStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      options.metadata ?? new Metadata(),
      callOptions(options),
      (error, response) => onResponse(error, response as MessageShape<Output<Service, Name>> | undefined),
    )
    cancelOnAbort(call, options.signal)
    return call as unknown as ClientWritableStream<MessageShape<Input<Service, Name>>>
  }

  /** Opens a bidirectional stream. */
  bidiStream<Name extends MethodNames<Service, 'bidi_streaming'>>(
    name: Name,
    options: GrpcCallOptions = {},
  ): ClientDuplexStream<MessageShape<Input<Service, Name>>, MessageShape<Output<Service, Name>>> {
    const { path, requestSerialize, responseDeserialize } = this.#definition(name)
    const call = this.#client.makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      options.metadata ?? new Metadata(),
      callOptions(options),
    )
    cancelOnAbort(call, options.signal)
    return call as unknown as ClientDuplexStream<
      MessageShape<Input<Service, Name>>,
      MessageShape<Output<Service, Name>>
    >
  }

  /** Connects now. Rejects when the channel is not ready before the deadline. */
  waitForReady(deadline: Date): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client.waitForReady(deadline, (error) => (error ? reject(error) : resolve()))
    })
  }

  /** Closes the channel; running calls end, later calls fail. */
  close(): void {
    this.#client.close()
  }

  #method(name: string) {
    const method = this.#service.method[name]
    if (!method) throw new TypeError(`${this.#service.typeName} has no method "${name}".`)
    return method
  }

  #definition(name: string) {
    return toGrpcMethodDefinition(this.#method(name))
  }
}

function callOptions({ deadline }: GrpcCallOptions): CallOptions {
  return deadline ? { deadline } : {}
}

function cancelOnAbort(
  call: { cancel(): void; once(event: 'status', listener: () => void): unknown },
  signal?: AbortSignal,
): void {
  if (!signal) return
  const cancel = () => call.cancel()
  if (signal.aborted) {
    cancel()
    return
  }
  signal.addEventListener('abort', cancel, { once: true })
  call.once('status', () => signal.removeEventListener('abort', cancel))
}
