import { fromBinary } from '@bufbuild/protobuf'
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { type Struct, StructSchema } from '@bufbuild/protobuf/wkt'

/** Deeper than gateways pass anything on: each level of JSON is two messages. */
const recursionLimit = 200

/**
 * The Struct at a path of field numbers in an encoded message, or `undefined` when the message does not carry it.
 *
 * A Struct field decodes to plain JSON, which cannot say "a Value without kind": it reads as null. This one can.
 */
export function structAt(bytes: Uint8Array, path: readonly number[]): Struct | undefined {
  let current: Uint8Array | undefined = bytes
  for (const fieldNumber of path) {
    current = fieldBytes(current, fieldNumber)
    if (!current) return undefined
  }
  return fromBinary(StructSchema, current, { recursionLimit })
}

function fieldBytes(bytes: Uint8Array, fieldNumber: number): Uint8Array | undefined {
  const reader = new BinaryReader(bytes)
  let found: Uint8Array | undefined
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag()
    if (number === fieldNumber && wireType === WireType.LengthDelimited) found = reader.bytes()
    else reader.skip(wireType, number)
  }
  return found
}
