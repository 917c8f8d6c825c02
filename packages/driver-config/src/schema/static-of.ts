import type { Static, TSchema } from 'typebox'

/** A schema of either TypeBox line, or a plain JSON Schema object (typed when it is written `as const`). */
export type AnySchema = object

/** How a schema of @sinclair/typebox 0.34 looks. Told by structure, so that its types are needed only by those who use it. */
interface EarlierSchema {
  readonly static: unknown
  readonly params: unknown[]
}

/**
 * The type of the values that a schema accepts.
 *
 * The 0.34 line is tested first: the schema type of the 1.x line accepts any object.
 */
export type StaticOf<Schema> = Schema extends EarlierSchema
  ? (Schema & { params: [] })['static']
  : Schema extends TSchema
    ? Static<Schema>
    : unknown

/** A type with everything in it read-only. Functions and scalars stay as they are. */
export type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T

/** Names of the members whose schema carries a default in its type: what `withDefault` returns. */
type DefaultedKeys<Properties> = {
  [K in keyof Properties]: Properties[K] extends { default: unknown } ? K : never
}[keyof Properties]

/**
 * The type of a value after defaults: members with a default are required.
 *
 * Only the members of the outermost object are completed; `T` is the type that `StaticOf` gave for the schema.
 */
export type ResolvedOf<Schema, T> = Schema extends { properties: infer Properties }
  ? DefaultedKeys<Properties> extends never
    ? T
    : { [K in keyof T as K extends DefaultedKeys<Properties> ? never : K]: T[K] } & {
          [K in keyof T as K extends DefaultedKeys<Properties> ? K : never]-?: Exclude<T[K], undefined>
        } extends infer Resolved
      ? { [K in keyof Resolved]: Resolved[K] }
      : never
  : T
