import type { ClientReadableStream } from '@grpc/grpc-js'
import type { GrpcServiceClient, MethodNames, ResponseMessage } from '@openshell-ts/protocol/grpc'
import type { OpenShell } from '@openshell-ts/protocol/v0-0'
import type { OpenShell as LaterOpenShell } from '@openshell-ts/protocol/v0-1'

type Service = typeof OpenShell
type LaterService = typeof LaterOpenShell
type Unary = MethodNames<Service, 'unary'> & MethodNames<LaterService, 'unary'>
type ServerStream = MethodNames<Service, 'server_streaming'> & MethodNames<LaterService, 'server_streaming'>

/** A request by its fields. A table of requests holds what one line has and the other has not, and what neither takes. */
export type Fields = Readonly<Record<string, unknown>>

/**
 * Calls a gateway of either line by the methods that both have. Answers are read as those of line 0.0, whose fields a test of both
 * lines looks at have the same names on both.
 */
export class EitherLineClient {
  readonly #client: GrpcServiceClient<Service>

  constructor(client: GrpcServiceClient<Service> | GrpcServiceClient<LaterService>) {
    // The one place where the lines' types meet: what differs between them is what these tests are about.
    this.#client = client as GrpcServiceClient<Service>
  }

  /** Calls a unary method. */
  unary<Name extends Unary>(name: Name, request: Fields): Promise<ResponseMessage<Service, Name>> {
    return this.#client.unary(name, request as never)
  }

  /** Opens a server stream. */
  serverStream<Name extends ServerStream>(
    name: Name,
    request: Fields,
  ): ClientReadableStream<ResponseMessage<Service, Name>> {
    return this.#client.serverStream(name, request as never)
  }

  close(): void {
    this.#client.close()
  }
}
