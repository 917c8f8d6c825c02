/** The same bytes as a `Buffer`, which grpc-js wants where protobuf-es returns a `Uint8Array`: a view, not a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
