import type { DescMethod, DescService, Message } from '@bufbuild/protobuf'
import { fromBinary, toBinary } from '@bufbuild/protobuf'
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js'

/** The method definition that `@grpc/grpc-js` serves and calls, with protobuf-es messages. */
export function toGrpcMethodDefinition(method: DescMethod): MethodDefinition<Message, Message> {
  const { input, output } = method
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming',
    responseStream: method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming',
    requestSerialize: (message) => asBuffer(toBinary(input, message)),
    requestDeserialize: (bytes) => fromBinary(input, bytes),
    responseSerialize: (message) => asBuffer(toBinary(output, message)),
    responseDeserialize: (bytes) => fromBinary(output, bytes),
  }
}

/** The service definition that `@grpc/grpc-js` serves; its keys are the generated local names, such as `createSandbox`. */
export function toGrpcServiceDefinition(service: DescService): ServiceDefinition {
  return Object.fromEntries(service.methods.map((method) => [method.localName, toGrpcMethodDefinition(method)]))
}

// A view, not a copy: grpc-js wants a Buffer and protobuf-es returns a Uint8Array.
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
