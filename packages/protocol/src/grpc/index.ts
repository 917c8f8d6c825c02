// Serves and calls the generated services with @grpc/grpc-js.
export { type GrpcCallOptions, GrpcServiceClient, type MethodNames } from './service-client.js'
export { toGrpcMethodDefinition, toGrpcServiceDefinition } from './service-definition.js'
