import { Code, type ConnectError } from '@connectrpc/connect'

/** True for what comes of it when a gateway and this client speak different wire lines. */
export function isWireMismatch({ code, rawMessage, metadata }: ConnectError): boolean {
  switch (code) {
    // Line 0.1 misses the selector where line 0.0 writes a name, or nothing.
    case Code.InvalidArgument:
      return rawMessage.includes('workspace_scope is required')
    // Line 0.0 reads the selector of line 0.1 as a name: line feed, length, name.
    case Code.NotFound:
      return rawMessage.startsWith("workspace '\n")
    // A field has another type over there, or over here. A driver config that is nested too deeply does not decode either.
    case Code.Internal:
      return metadata.has('grpc-status')
        ? rawMessage.startsWith('failed to decode Protobuf message') && !rawMessage.includes('recursion limit')
        : rawMessage.startsWith('parse binary')
    default:
      return false
  }
}
