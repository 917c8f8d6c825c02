import { type DescMessage, type MessageShape, toBinary } from '@bufbuild/protobuf'

const encoded = new WeakMap<object, Uint8Array>()

/** The bytes of a message that does not change any more. Who sends it again, to others or as a part, gets the same bytes. */
export function encodeOnce<Schema extends DescMessage>(schema: Schema, message: MessageShape<Schema>): Uint8Array {
  const known = encoded.get(message)
  if (known !== undefined) return known
  const bytes = toBinary(schema, message)
  encoded.set(message, bytes)
  return bytes
}
