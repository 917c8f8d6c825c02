import type { JsonObject, JsonValue } from '@openshell-ts/driver-config/envelope'
import { byteLength } from './check-text.js'

/** Size in bytes of an envelope as `google.protobuf.Struct`, which is what the gateway's limit counts; JSON text is shorter. */
export function encodedStructSize(object: JsonObject): number {
  return Object.entries(object).reduce((sum, [key, value]) => {
    const entry = delimited(byteLength(key)) + delimited(valueSize(value))
    return sum + delimited(entry)
  }, 0)
}

function valueSize(value: JsonValue): number {
  if (value === null || typeof value === 'boolean') return 2
  if (typeof value === 'number') return 9
  if (typeof value === 'string') return delimited(byteLength(value))
  if (Array.isArray(value)) return delimited(value.reduce((sum: number, item) => sum + delimited(valueSize(item)), 0))
  return delimited(encodedStructSize(value as JsonObject))
}

// Every field number of Struct, Value and ListValue is below 16, so that a tag takes one byte.
function delimited(length: number): number {
  return 1 + varintSize(length) + length
}

function varintSize(value: number): number {
  let size = 1
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1
  return size
}
