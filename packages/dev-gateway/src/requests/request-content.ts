import { type DescMessage, type JsonValue, type Message, toJson } from '@bufbuild/protobuf'

/**
 * What tells a request from others: the same whatever id it brings, and in whichever order its maps were written, which some
 * clients choose anew each time. `bytes` is the request as it came, for what JSON has no words for.
 */
export function requestContent(schema: DescMessage, request: Message, bytes: Uint8Array): Uint8Array {
  try {
    return Buffer.from(JSON.stringify(sorted(toJson(schema, { ...request, requestId: '' } as Message))))
  } catch {
    return bytes
  }
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] ?? null)]))
}
