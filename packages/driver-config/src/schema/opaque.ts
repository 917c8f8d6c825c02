/**
 * What makes a schema one of the 0.34 line, by its own key. Who does not use that line has none of its types, and an import of
 * them gives `any`.
 */
type EarlierMark<Key> = 0 extends 1 & Key ? unknown : { readonly [K in Extract<Key, symbol>]: 'Unsafe' }

/** A schema whose values are passed on unchecked. It is a schema to both TypeBox lines, and both read its static type. */
export type OpaqueSchema<T> = {
  /** Where the 1.x line looks for the static type. */
  readonly '~unsafe': T
  /** Where the 0.34 line looks for it. */
  readonly static: T
  readonly params: unknown[]
  readonly 'x-opaque'?: string
  readonly 'x-bag'?: string
} & EarlierMark<typeof import('@sinclair/typebox').Kind>

// Both lines find a child's optionality in marks of their own; an unmarked child is a required member.
const earlierKind = Symbol.for('TypeBox.Kind')

/**
 * JSON that the driver passes on without a check of its own, for example Kubernetes tolerations.
 *
 * Only the limits of the block hold for it, and its type is `unknown`: code that looks into it narrows it. `reason` says what it is and who checks it, and is published.
 */
export function opaque(reason: string): OpaqueSchema<unknown> {
  return markSchema({ 'x-opaque': reason }) as unknown as OpaqueSchema<unknown>
}

/**
 * A bag of vendor extensions: an object whose keys look like `vendor.example/name` and whose values are passed on unchecked.
 */
export function extensions(reason = 'vendor extensions'): OpaqueSchema<Record<string, unknown>> {
  return markSchema({ type: 'object', 'x-bag': reason }) as unknown as OpaqueSchema<Record<string, unknown>>
}

function markSchema(schema: object): object {
  Object.defineProperty(schema, earlierKind, { value: 'Unsafe' })
  Object.defineProperty(schema, '~kind', { value: 'Unsafe' })
  Object.defineProperty(schema, '~unsafe', { value: null })
  return schema
}
