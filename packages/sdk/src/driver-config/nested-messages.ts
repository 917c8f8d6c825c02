import type { JsonObject, JsonValue } from '@openshell-ts/driver-config/envelope'

/**
 * How deep the messages lie in one another that carry an envelope, counted from the create request. The gateway decodes 100
 * levels: 31 objects with a scalar inside, 32 when the innermost is empty, 46 lists under one key.
 */
export function countNestedMessages(envelope: JsonObject): number {
  // CreateSandboxRequest holds the spec, the spec the template, the template the Struct of the envelope.
  return 3 + contentDepth(envelope)
}

function contentDepth(object: JsonObject): number {
  // Each entry of a Struct is a message of its own, with a Value inside.
  return Object.values(object).reduce<number>((deepest, value) => Math.max(deepest, 2 + valueDepth(value)), 0)
}

function valueDepth(value: JsonValue): number {
  if (value === null || typeof value !== 'object') return 0
  if (!Array.isArray(value)) return 1 + contentDepth(value as JsonObject)
  return 1 + value.reduce<number>((deepest, item) => Math.max(deepest, 1 + valueDepth(item)), 0)
}
