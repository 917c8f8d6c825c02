import type { JsonObject, JsonValue } from '../envelope/json-value.js'

/** A schema whose values are passed on unchecked. Its static type is read by both TypeBox lines and by this package. */
export interface OpaqueSchema<T> {
  readonly static: T
  readonly params: unknown[]
  readonly 'x-opaque'?: string
  readonly 'x-bag'?: string
}

// Both lines find a child's optionality in marks of their own; an unmarked child is a required member.
const earlierKind = Symbol.for('TypeBox.Kind')

/**
 * JSON that the driver passes on without a check of its own, for example Kubernetes tolerations.
 *
 * Only the limits of the block hold for it. `reason` says what it is and who checks it, and is published.
 */
export function opaque(reason: string): OpaqueSchema<JsonValue> {
  return markSchema({ 'x-opaque': reason }) as OpaqueSchema<JsonValue>
}

/**
 * A bag of vendor extensions: an object whose keys look like `vendor.example/name` and whose values are passed on unchecked.
 */
export function extensions(reason = 'vendor extensions'): OpaqueSchema<JsonObject> {
  return markSchema({ type: 'object', 'x-bag': reason }) as unknown as OpaqueSchema<JsonObject>
}

function markSchema(schema: object): object {
  Object.defineProperty(schema, earlierKind, { value: 'Unsafe' })
  Object.defineProperty(schema, '~kind', { value: 'Unsafe' })
  return schema
}
