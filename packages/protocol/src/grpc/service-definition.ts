import { type DescMessage, type DescMethod, type DescService, fromBinary, type MessageShape } from '@bufbuild/protobuf'
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js'
import { encodeMessage } from './encode-message.js'
import type { GrpcHandlers } from './service-methods.js'

/**
 * The method definition that `@grpc/grpc-js` serves and calls, with protobuf-es messages.
 *
 * Its path is `/<package>.<Service>/<Method>`. Bytes that are no such message make the deserializer throw, which
 * grpc-js answers with INTERNAL.
 */
export function toGrpcMethodDefinition<Input extends DescMessage, Output extends DescMessage>(
  method: DescMethod & { readonly input: Input; readonly output: Output },
): MethodDefinition<MessageShape<Input>, MessageShape<Output>> {
  const { input, output, methodKind } = method
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: methodKind === 'client_streaming' || methodKind === 'bidi_streaming',
    responseStream: methodKind === 'server_streaming' || methodKind === 'bidi_streaming',
    requestSerialize: (message) => encodeMessage(input, message),
    requestDeserialize: (bytes) => fromBinary(input, bytes),
    responseSerialize: (message) => encodeMessage(output, message),
    responseDeserialize: (bytes) => fromBinary(output, bytes),
  }
}

/** The definition of a whole service for `server.addService`; its keys are the local names, such as `createSandbox`. */
export function toGrpcServiceDefinition<Service extends DescService>(
  service: Service,
): ServiceDefinition<GrpcHandlers<Service>> {
  const definitions = service.methods.map((method) => [method.localName, toGrpcMethodDefinition(method)])
  // The local names of `methods` are exactly the keys of `method`, which the type is made of.
  return Object.fromEntries(definitions) as ServiceDefinition<GrpcHandlers<Service>>
}
