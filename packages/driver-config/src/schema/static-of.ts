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
  ? // Parameters belong to references, which the dialect does not have; filling them in would cost the compiler much.
    Schema['static']
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
 * The type of a value after defaults: members with a default are required, also in nested objects, in lists of objects and in
 * the branches of unions. `T` is the read-only type that `StaticOf` gave for the schema.
 */
export type ResolvedOf<Schema, T> = Schema extends { properties: infer Properties }
  ? // Most objects have nothing to complete, and then the type costs the compiler nothing.
    CompletedKeys<Properties> extends never
    ? T
    : { [K in keyof T as K extends DefaultedKeys<Properties> ? never : K]: ResolvedMember<Properties, K, T[K]> } & {
          [K in keyof T as K extends DefaultedKeys<Properties> ? K : never]-?: ResolvedMember<
            Properties,
            K,
            Exclude<T[K], undefined>
          >
        } extends infer Resolved
      ? { [K in keyof Resolved]: Resolved[K] }
      : never
  : Schema extends AnyUnion<infer Branch>
    ? [CompletedBranchKeys<Branch>] extends [never]
      ? T
      : ResolvedBranch<Branch>
    : T

/** What may hold something to complete: objects with declared fields, and unions with such objects. */
type Completable = { properties: unknown } | AnyUnion<unknown>

type AnyUnion<Branch> = { anyOf: readonly Branch[] }

/** Names of the members that have a default, or in which something may have one. */
type CompletedKeys<Properties> = {
  [K in keyof Properties]: Properties[K] extends { default: unknown } | Completable | { items: Completable }
    ? HasCompletion<Properties[K]> extends true
      ? K
      : never
    : never
}[keyof Properties]

/** False for a union without a default in any branch, which is what most of them are. */
type HasCompletion<Schema> = Schema extends { default: unknown }
  ? true
  : Schema extends AnyUnion<infer Branch> | { items: AnyUnion<infer Branch> }
    ? [CompletedBranchKeys<Branch>] extends [never]
      ? false
      : true
    : true

/** The same for the members of all branches of a union. */
type CompletedBranchKeys<Branch> = Branch extends { properties: infer Properties } ? CompletedKeys<Properties> : never

/** Each branch of a union by itself: which one a value belongs to, its discriminator says. */
type ResolvedBranch<Branch> = Branch extends unknown ? ResolvedOf<Branch, DeepReadonly<StaticOf<Branch>>> : never

type ResolvedMember<Properties, K, T> = K extends keyof Properties
  ? T extends readonly (infer Item)[]
    ? Properties[K] extends { items: infer Items extends Completable }
      ? readonly ResolvedOf<Items, Item>[]
      : T
    : T extends object
      ? ResolvedOf<Properties[K], T>
      : T
  : T
