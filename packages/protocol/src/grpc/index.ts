// Serves and calls the generated services with @grpc/grpc-js.
export type { GrpcCallOptions } from './call-options.js'
export { encodeBytesHead, encodeMessage, encodeMessageParts } from './encode-message.js'
export { type GrpcClientStream, GrpcServiceClient } from './service-client.js'
export { toGrpcMethodDefinition, toGrpcServiceDefinition } from './service-definition.js'
export type {
  GrpcHandlers,
  MethodKind,
  MethodNames,
  RequestInput,
  RequestMessage,
  ResponseMessage,
} from './service-methods.js'
export { structAt } from './struct-at.js'
