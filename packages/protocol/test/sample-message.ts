import { create, type DescField, type DescMessage, type Message, ScalarType } from '@bufbuild/protobuf'
import { type ReflectMessage, reflect, type ScalarValue } from '@bufbuild/protobuf/reflect'
import { StructSchema, TimestampSchema } from '@bufbuild/protobuf/wkt'

/** A message with a value in each field, nested ones included; of a oneof it fills the field that `choice` counts to. */
export function sampleMessage(schema: DescMessage, choice = 0): Message {
  if (schema.typeName === TimestampSchema.typeName) {
    return create(TimestampSchema, { seconds: 1_750_000_000n, nanos: 500_000_000 })
  }
  if (schema.typeName === StructSchema.typeName) {
    return create(StructSchema, { fields: { cpus: { kind: { case: 'numberValue', value: 1.5 } } } })
  }
  const message = reflect(schema)
  for (const member of schema.members) {
    const field = member.kind === 'oneof' ? member.fields[choice % member.fields.length] : member
    if (field) fill(message, field, choice)
  }
  return message.message
}

function fill(message: ReflectMessage, field: DescField, choice: number): void {
  const value = sampleValue(field, choice)
  if (field.fieldKind === 'map') message.get(field).set('key', value)
  else if (field.fieldKind === 'list') message.get(field).add(value)
  else message.set(field, value)
}

function sampleValue(field: DescField, choice: number): ReflectMessage | ScalarValue {
  if (field.message) return reflect(field.message, sampleMessage(field.message, choice))
  if (field.enum) return field.enum.values.at(-1)?.number ?? 0
  return sampleScalar(field.scalar, field.number)
}

// Derived from the number: a value that is read from another field shows. Bytes may stand for a message that the other
// side declares, so they are one: its field 1 holds the number.
function sampleScalar(scalar: ScalarType, number: number): ScalarValue {
  switch (scalar) {
    case ScalarType.BOOL:
      return true
    case ScalarType.STRING:
      return `text ${number}`
    case ScalarType.BYTES:
      return new Uint8Array([8, number])
    case ScalarType.INT64:
    case ScalarType.UINT64:
      return BigInt(number)
    default:
      return number
  }
}
