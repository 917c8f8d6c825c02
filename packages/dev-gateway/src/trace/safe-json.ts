import { type DescField, type DescMessage, type JsonValue, type Message, toJson } from '@bufbuild/protobuf'
import { isReflectMessage, type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect'
import { secret } from '@openshell-ts/protocol/v0-0'
import { redactSecrets } from '../server/redact-secrets.js'

// What people call a value that is nobody's business; `secret_ref` and the like are redacted too, rather once too often.
const secretKey = /secret|token|passw|passphrase|credential|authorization|cookie|api.?key|private.?key|access.?key/i

/**
 * A message as JSON in which every field that the contract marks as secret is `REDACTED`, and so is every value under a key
 * that names a secret: in blocks of `driver_config`, in environments, and in anything else that is free to choose.
 * What JSON has no words for, such as a time outside the calendar, is shown by its fields.
 */
export function safeJson(schema: DescMessage, message: Message): JsonValue {
  return withoutSecrets(jsonOf(reflect(schema, redactSecrets(schema, message, secret))))
}

/** A message by its outline, for one that is too large to be shown: how many entries each list has, and the numbers in it. */
export function outlineJson(schema: DescMessage, message: Message): JsonValue {
  const reflected = reflect(schema, message)
  const outline = schema.fields.flatMap((field): [string, JsonValue][] => {
    if (!reflected.isSet(field)) return []
    if (field.fieldKind === 'list' || field.fieldKind === 'map') {
      return [[field.name, `${reflected.get(field).size} entries`]]
    }
    return [[field.name, 'not shown']]
  })
  return Object.fromEntries(outline)
}

/** Redacts every value under a key that names a secret. */
export function withoutSecrets(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, isSecret(key, member) ? 'REDACTED' : withoutSecrets(member)]),
  )
}

function isSecret(key: string, value: JsonValue): boolean {
  return secretKey.test(key) && value !== null && typeof value !== 'boolean'
}

function jsonOf(message: ReflectMessage): JsonValue {
  try {
    return toJson(message.desc, message.message, { useProtoFieldName: true })
  } catch {
    const set = message.fields.filter((field) => message.isSet(field))
    return Object.fromEntries(set.map((field) => [field.name, fieldJson(message, field)]))
  }
}

function fieldJson(message: ReflectMessage, field: DescField): JsonValue {
  if (field.fieldKind === 'list') return [...message.get(field)].map(valueJson)
  if (field.fieldKind !== 'map') return valueJson(message.get(field))
  return Object.fromEntries([...message.get(field)].map(([key, value]) => [String(key), valueJson(value)]))
}

function valueJson(value: unknown): JsonValue {
  if (isReflectMessage(value)) return jsonOf(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value
  return String(value)
}
