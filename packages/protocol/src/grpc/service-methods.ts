import type { DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf'
import type {
  handleBidiStreamingCall,
  handleClientStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
} from '@grpc/grpc-js'

/** The four shapes of a call, as protobuf-es names them. */
export type MethodKind = 'unary' | 'server_streaming' | 'client_streaming' | 'bidi_streaming'

/** Local names of the service's methods of one kind, such as `getSandbox`; of all kinds when `Kind` is left out. */
export type MethodNames<Service extends DescService, Kind extends MethodKind = MethodKind> = {
  [Name in keyof Service['method']]: Service['method'][Name] extends { methodKind: Kind } ? Name : never
}[keyof Service['method']] &
  string

/** What a caller may pass as the request of a method: a message, or its fields. */
export type RequestInput<Service extends DescService, Name extends keyof Service['method']> = MessageInitShape<
  Service['method'][Name]['input']
>

/** The request message of a method. */
export type RequestMessage<Service extends DescService, Name extends keyof Service['method']> = MessageShape<
  Service['method'][Name]['input']
>

/** The answer message of a method. */
export type ResponseMessage<Service extends DescService, Name extends keyof Service['method']> = MessageShape<
  Service['method'][Name]['output']
>

/** What a `@grpc/grpc-js` server needs to serve the whole service: one typed handler a method, under its local name. */
export type GrpcHandlers<Service extends DescService> = {
  [Name in MethodNames<Service>]: GrpcHandler<
    Service['method'][Name]['methodKind'],
    RequestMessage<Service, Name>,
    ResponseMessage<Service, Name>
  >
}

// One case for each shape of a call; grpc-js has one handler type for each.
type GrpcHandler<Kind extends MethodKind, Request, Response> = Kind extends 'unary'
  ? handleUnaryCall<Request, Response>
  : Kind extends 'server_streaming'
    ? handleServerStreamingCall<Request, Response>
    : Kind extends 'client_streaming'
      ? handleClientStreamingCall<Request, Response>
      : handleBidiStreamingCall<Request, Response>
