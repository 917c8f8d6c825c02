import type { DeepReadonly, StaticOf } from './static-of.js'

/** The types by which the two TypeBox lines mark an optional member. */
type OptionalMark<Schema> = Schema extends { readonly static: unknown; readonly params: unknown[] }
  ? Schema extends import('@sinclair/typebox').TSchema
    ? import('@sinclair/typebox').TOptional<Schema>
    : never
  : Schema & { '~optional': true }

/** What `withDefault` returns: the schema as an optional member whose default is part of its type. */
export type WithDefault<Schema, Value> = OptionalMark<Schema> & { default: Value }

const earlierOptional = Symbol.for('TypeBox.Optional')
const earlierKind = Symbol.for('TypeBox.Kind')

/**
 * Makes a member optional and gives it a default, for schemas of both TypeBox lines.
 *
 * A plain `{ default }` option completes documents as well, but it is not part of the type, so that the member stays optional
 * for handlers. The schema that is passed in stays as it is.
 */
export function withDefault<Schema extends object, const Value extends DeepReadonly<StaticOf<Schema>>>(
  schema: Schema,
  value: Value,
): WithDefault<Schema, Value> {
  // Descriptors, because both lines keep what they know about a schema in members that a plain copy loses.
  const copy: object = Object.create(Object.getPrototypeOf(schema), Object.getOwnPropertyDescriptors(schema))
  Object.defineProperty(copy, 'default', { value, enumerable: true, configurable: true, writable: true })
  const mark = earlierKind in schema ? { key: earlierOptional, value: 'Optional' } : { key: '~optional', value: true }
  Object.defineProperty(copy, mark.key, {
    value: mark.value,
    enumerable: typeof mark.key === 'symbol',
    configurable: true,
  })
  return copy as WithDefault<Schema, Value>
}
