import { type DescField, type DescMessage, fromJson, type Message, ScalarType } from '@bufbuild/protobuf'
import { type ReflectList, type ReflectMap, type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect'
import type { Json, JsonMap } from './recording.js'

/** Reads a request as recordings write it, with `{$num:…}` and `{$kindless:true}` where JSON has no word for a value. */
export function readMessage(schema: DescMessage, json: JsonMap): Message {
  const specials: unknown[] = []
  const message = fromJson(schema, withMarks(json, specials))
  putSpecials(message, specials)
  return message
}

/** Writes a message as recordings do: only fields that are set, by their names in the proto file, 64-bit numbers as text. */
export function writeMessage(schema: DescMessage, message: Message): JsonMap {
  return writeFields(reflect(schema, message))
}

const mark = /^\uE000(\d+)$/

// A Value without a kind is `undefined` in a Struct, which survives the encoding; NaN does too. Only JSON cannot carry them.
function withMarks(value: Json, specials: unknown[]): Json {
  if (Array.isArray(value)) return value.map((entry) => withMarks(entry, specials))
  if (typeof value !== 'object' || value === null) return value
  if ('$num' in value || '$kindless' in value) {
    return `\uE000${specials.push('$num' in value ? Number(value['$num']) : undefined) - 1}`
  }
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withMarks(entry, specials)]))
}

function putSpecials(value: unknown, specials: readonly unknown[]): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return
  for (const [key, entry] of Object.entries(value)) {
    const [, index] = (typeof entry === 'string' && mark.exec(entry)) || []
    if (index === undefined) putSpecials(entry, specials)
    else Object.assign(value, { [key]: specials[Number(index)] })
  }
}

function writeFields(message: ReflectMessage): JsonMap {
  const set = message.sortedFields.filter((field) => message.isSet(field))
  return Object.fromEntries(set.map((field) => [field.name, writeField(field, message.get(field))]))
}

function writeField(field: DescField, value: unknown): Json {
  switch (field.fieldKind) {
    case 'list':
      return [...(value as ReflectList)].map((entry) => writeSingle(field, entry))
    case 'map':
      return Object.fromEntries(
        [...(value as ReflectMap)].map(([key, entry]) => [String(key), writeSingle(field, entry)]),
      )
    default:
      return writeSingle(field, value)
  }
}

function writeSingle(field: DescField, value: unknown): Json {
  if (field.enum) return field.enum.value[value as number]?.name ?? String(value)
  if (field.message) return writeSubmessage(value as ReflectMessage)
  return writeScalar(field.scalar, value)
}

function writeScalar(scalar: ScalarType | undefined, value: unknown): Json {
  if (scalar === ScalarType.BYTES) {
    const bytes = Buffer.from(value as Uint8Array)
    return { $bytes: bytes.toString('base64'), $text: bytes.toString('utf8') }
  }
  return typeof value === 'bigint' ? String(value) : writeNumber(value as Json)
}

function writeNumber(value: Json): Json {
  return typeof value === 'number' && !Number.isFinite(value) ? `<number ${value}>` : value
}

function writeSubmessage(message: ReflectMessage): Json {
  switch (message.desc.typeName) {
    case 'google.protobuf.Struct': {
      const fields = message.get(message.desc.field['fields'] as DescField & { fieldKind: 'map' }) as ReflectMap
      return Object.fromEntries(
        [...fields].map(([key, value]) => [String(key), writeSubmessage(value as ReflectMessage)]),
      )
    }
    case 'google.protobuf.ListValue': {
      const values = message.get(message.desc.field['values'] as DescField & { fieldKind: 'list' }) as ReflectList
      return [...values].map((value) => writeSubmessage(value as ReflectMessage))
    }
    case 'google.protobuf.Value': {
      const kind = message.sortedFields.find((field) => message.isSet(field))
      if (!kind) return { $kindless: true }
      if (kind.localName === 'nullValue') return null
      const value = message.get(kind)
      return kind.message ? writeSubmessage(value as ReflectMessage) : writeNumber(value as Json)
    }
    default:
      return writeFields(message)
  }
}
