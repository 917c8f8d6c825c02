import { type DescMessage, type JsonValue, type Message, toJson } from '@bufbuild/protobuf'
import { secret } from '@openshell-ts/protocol/v0-0'
import { redactSecrets } from '../server/redact-secrets.js'

// What people call a value that is nobody's business; `secret_ref` and the like are redacted too, rather once too often.
const secretKey = /secret|token|passw|passphrase|credential|authorization|cookie|api.?key|private.?key|access.?key/i

/**
 * A message as JSON in which every field that the contract marks as secret is `REDACTED`, and so is every value under a key
 * that names a secret: in blocks of `driver_config`, in environments, and in anything else that is free to choose.
 * `undefined` when the message cannot be written as JSON.
 */
export function safeJson(schema: DescMessage, message: Message): JsonValue | undefined {
  try {
    const visible = redactSecrets(schema, message as never, secret)
    return withoutSecrets(toJson(schema, visible as never, { useProtoFieldName: true } as never))
  } catch {
    return undefined
  }
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
