import { create, toBinary } from '@bufbuild/protobuf'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { JsonObject, JsonValue } from '@openshell-ts/driver-config/envelope'
import {
  DriverSandboxSchema,
  DriverSandboxSpecSchema,
  DriverSandboxTemplateSchema,
} from '@openshell-ts/protocol/compute'
import type { OwnSandbox } from './conformance-session.js'

/**
 * What a gateway forwards and JSON cannot write: a number that is none, or a Value without kind, whose map entry has no value
 * field at all or an empty one.
 */
export type OddValue = number | 'absent' | 'empty'

/** Stands for the odd value in a document. */
export const oddMark = '\u0001conformance-odd-value'

/** Field numbers of the contract and of google.protobuf.Struct. */
const fields = {
  request: { sandbox: 1 },
  sandbox: { spec: 4 },
  spec: { template: 6 },
  template: { driverConfig: 12 },
  struct: { fields: 1 },
  entry: { key: 1, value: 2 },
  value: { null: 1, number: 2, text: 3, flag: 4, struct: 5, list: 6 },
  list: { values: 1 },
} as const

/** A ValidateSandboxCreate request for the sandbox with a block in which the mark is the odd value. */
export function encodeOddRequest({ message }: OwnSandbox, block: JsonObject, odd: OddValue): Uint8Array {
  const { spec, ...sandbox } = create(DriverSandboxSchema, message)
  const { template, ...others } = spec ?? create(DriverSandboxSpecSchema)
  const { driverConfig: _, ...bare } = template ?? create(DriverSandboxTemplateSchema)
  const templateBytes = [
    toBinary(DriverSandboxTemplateSchema, bare),
    nested(fields.template.driverConfig, encodeStruct(block, odd)),
  ]
  const specBytes = [
    toBinary(DriverSandboxSpecSchema, others),
    nested(fields.spec.template, Buffer.concat(templateBytes)),
  ]
  const sandboxBytes = [toBinary(DriverSandboxSchema, sandbox), nested(fields.sandbox.spec, Buffer.concat(specBytes))]
  return nested(fields.request.sandbox, Buffer.concat(sandboxBytes))
}

/** A field that holds a message or a text. */
export function nested(field: number, bytes: Uint8Array): Uint8Array {
  return new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(bytes).finish()
}

function encodeStruct(object: JsonObject, odd: OddValue): Uint8Array {
  const entries = Object.entries(object).map(([key, value]) => {
    const encoded = encodeValue(value, odd)
    const name = nested(fields.entry.key, Buffer.from(key))
    const entry = encoded === undefined ? name : Buffer.concat([name, nested(fields.entry.value, encoded)])
    return nested(fields.struct.fields, entry)
  })
  return Buffer.concat(entries)
}

/** `undefined` for a value that is not there at all; a list item has no such form and is empty. */
function encodeValue(value: JsonValue, odd: OddValue): Uint8Array | undefined {
  if (value === oddMark) return encodeOdd(odd)
  const writer = new BinaryWriter()
  const { value: field } = fields
  if (value === null) return writer.tag(field.null, WireType.Varint).int32(0).finish()
  if (typeof value === 'number') return encodeNumber(value)
  if (typeof value === 'string') return nested(field.text, Buffer.from(value))
  if (typeof value === 'boolean') return writer.tag(field.flag, WireType.Varint).bool(value).finish()
  if (!Array.isArray(value)) return nested(field.struct, encodeStruct(value as JsonObject, odd))
  const items = value.map((item) => nested(fields.list.values, encodeValue(item, odd) ?? new Uint8Array()))
  return nested(field.list, Buffer.concat(items))
}

function encodeOdd(odd: OddValue): Uint8Array | undefined {
  if (typeof odd === 'number') return encodeNumber(odd)
  return odd === 'empty' ? new Uint8Array() : undefined
}

function encodeNumber(value: number): Uint8Array {
  return new BinaryWriter().tag(fields.value.number, WireType.Bit64).double(value).finish()
}
