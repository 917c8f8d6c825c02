import type { UnknownField } from '@bufbuild/protobuf'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { Struct, Value } from '@bufbuild/protobuf/wkt'

// A Struct field decodes to plain JSON, which cannot say "a Value without kind". The real gateway keeps such values, so the
// envelope is read from the request's own bytes and written as the real gateway writes it.

export { structAt } from '@openshell-ts/protocol/grpc'

/** Encodes a Struct: keys in byte order, and nothing written for an empty key or a Value without kind. */
export function encodeStruct(struct: Struct): Uint8Array {
  const writer = new BinaryWriter()
  for (const key of Object.keys(struct.fields).sort(compareBytes)) {
    const value = encodeValue(struct.fields[key])
    writer.tag(1, WireType.LengthDelimited).fork()
    if (key !== '') writer.tag(1, WireType.LengthDelimited).string(key)
    if (value.length > 0) writer.tag(2, WireType.LengthDelimited).bytes(value)
    writer.join()
  }
  return writer.finish()
}

/** A field that a message carries as bytes, beside its declared fields. */
export function asUnknownField(fieldNumber: number, bytes: Uint8Array): UnknownField {
  return { no: fieldNumber, wireType: WireType.LengthDelimited, data: new BinaryWriter().bytes(bytes).finish() }
}

function encodeValue(value: Value | undefined): Uint8Array {
  const writer = new BinaryWriter()
  switch (value?.kind.case) {
    case 'nullValue':
      writer.tag(1, WireType.Varint).int32(0)
      break
    case 'numberValue':
      writer.tag(2, WireType.Bit64).double(value.kind.value)
      break
    case 'stringValue':
      writer.tag(3, WireType.LengthDelimited).string(value.kind.value)
      break
    case 'boolValue':
      writer.tag(4, WireType.Varint).bool(value.kind.value)
      break
    case 'structValue':
      writer.tag(5, WireType.LengthDelimited).bytes(encodeStruct(value.kind.value))
      break
    case 'listValue':
      writer.tag(6, WireType.LengthDelimited).bytes(encodeList(value.kind.value.values))
      break
  }
  return writer.finish()
}

function encodeList(values: readonly Value[]): Uint8Array {
  const writer = new BinaryWriter()
  for (const value of values) writer.tag(1, WireType.LengthDelimited).bytes(encodeValue(value))
  return writer.finish()
}

function compareBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right))
}
