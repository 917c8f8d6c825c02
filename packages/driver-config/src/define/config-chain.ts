import type { ConfigGate } from '../check/config-gate.js'
import type { Deprecations } from '../check/deprecation.js'
import type { ConfigLimits } from '../check/limits.js'
import type { Migration, Note, Tombstone, VersionStatus } from '../check/lineage.js'
import type { ResourceCheck } from '../check/resource-check.js'
import type { ConfigRule } from '../check/rules.js'
import type { IssueCode } from '../issue/codes.js'
import type { Replacements } from '../issue/version-hints.js'
import type { AnySchema, DeepReadonly, ResolvedOf, StaticOf } from '../schema/static-of.js'
import type { DriverConfig } from './driver-config.js'

/** Keys of `R` that `T` has in none of its union members, as members that must not be there. */
type Extra<T, R> = string extends keyof T
  ? unknown
  : { [K in Exclude<keyof R, T extends unknown ? keyof T : never>]?: never }

/** `T`, with every key that `R` has in addition forbidden, at every level. */
export type Exact<T, R> = T extends readonly (infer A)[]
  ? R extends readonly (infer B)[]
    ? readonly Exact<A, B>[]
    : T
  : T extends object
    ? { [K in keyof T]: K extends keyof R ? Exact<T[K], R[K]> : T[K] } & Extra<T, R>
    : T

/** What a migration returns. `NoInfer` keeps the compiler from inferring the version from its migration; promises are refused. */
export type HopValue<T> = NoInfer<T> & { readonly then?: never }

/** A compile-time refusal of root keys that belong to the package. */
export type Reserved<T> =
  Extract<keyof T, 'schema_version' | '$schema'> extends never
    ? unknown
    : 'this root key is reserved: remove schema_version and $schema from the schema'

/** The only number that may follow `N`. */
export type Successor<N extends number, Counted extends unknown[] = []> = Counted['length'] extends N
  ? [...Counted, unknown]['length'] & number
  : Successor<N, [...Counted, unknown]>

/** A whole number from 1; anything else is refused by the compiler. */
export type PositiveInteger<N extends number> = `${N}` extends
  | '0'
  | `-${string}`
  | `${string}.${string}`
  | `${string}e${string}`
  ? never
  : N

/** What may be said about any version. */
export interface VersionOptions<Value> {
  /** How mature the version is. @default 'stable' */
  readonly status?: VersionStatus
  /** The driver version that introduced it, for docs: `1.4.0`. */
  readonly since?: string
  /** Documents that show the version. They are checked when the config is built, and go into docs and fixtures. */
  readonly examples: VersionExamples<Value>
  /** Conditions between fields, for documents of this version. They see what the user wrote, before defaults. */
  readonly rules?: readonly ConfigRule<Value>[]
  /** Fields and enum values that should no longer be used. */
  readonly deprecated?: Deprecations
  /**
   * `warn` reports unknown keys as warnings and leaves them out. Only for version 1, and only for a driver that used to
   * ignore them. @default 'refuse'
   */
  readonly unknownKeys?: 'refuse' | 'warn'
}

/** Documents of one version, without the marker. */
export interface VersionExamples<Value> {
  /** The smallest useful block. */
  readonly minimal: Value
  /** A block that uses every field, as far as they go together. */
  readonly full: Value
  /** Blocks that are refused, with the issue that says so; at least one. */
  readonly invalid: readonly [InvalidExample, ...InvalidExample[]]
}

/** A block that is refused. */
export interface InvalidExample {
  /** The block, without the marker. */
  readonly value: unknown
  /** The code of one of its issues. */
  readonly code: IssueCode
  /** The path of that issue: `driver_config.mounts[0].source`. */
  readonly path: string
}

/** A version and how documents come to it from the version before. */
export interface HopOptions<Value> extends VersionOptions<Value> {
  /**
   * Fields of the version before, and what replaces them here: `{ size: 'size_bytes' }`. Path templates from the root, with
   * `[]` for items of a list. Feeds the hints in reports.
   */
  readonly replaces?: Replacements
}

/** A config with at least one version. The chain carries the types of values, never schemas, so that it stays cheap to check. */
export interface ConfigChain<Input, Current, Last extends number> {
  /**
   * Declares the next version.
   *
   * `up` gets a complete value of the version before (read-only, with defaults) and returns a value of this one; `down` goes
   * back. Both must be synchronous and must return plain JSON; what they return is checked. `note` records what is lost.
   */
  version<
    Schema extends AnySchema,
    F extends (previous: Current, note: Note) => HopValue<NextInput>,
    NextInput = DeepReadonly<StaticOf<Schema>>,
    NextCurrent = ResolvedOf<Schema, NextInput>,
  >(
    number: Successor<Last>,
    schema: Schema & Reserved<NoInfer<NextInput>>,
    options: HopOptions<NoInfer<NextInput>> & {
      readonly up: F & ((previous: Current, note: Note) => Exact<NoInfer<NextInput>, ReturnType<F>>)
      readonly down?: (next: NoInfer<NextCurrent>, note: Note) => Input
    },
  ): ConfigChain<NextInput, NextCurrent, Successor<Last>>

  /**
   * Proves the declaration and returns the config.
   *
   * @throws DefinitionError when a schema is outside the dialect, a default or an example is not valid, or options disagree.
   */
  build(options?: BuildOptions<Input, Current>): DriverConfig<Current, Input>
}

/** Options of `build`. All speak of the current version. */
export interface BuildOptions<Input, Current> {
  /** Bounds below the package's own; a larger number than the default counts as the default. */
  readonly limits?: Partial<ConfigLimits>
  /** Conditions between fields of the current version, after those that the version itself declares. */
  readonly rules?: readonly ConfigRule<Input>[]
  /** Deprecated fields and values of the current version. */
  readonly deprecated?: Deprecations
  /** Decisions of the operator about what a block may ask for. */
  readonly gates?: readonly ConfigGate<Current>[]
  /** Lookups in the outside world; `checkResources` runs them. */
  readonly resources?: readonly ResourceCheck[]
  /**
   * The version in which `store` writes. One below the current version lets the release before read what this one wrote.
   * @default the current version
   */
  readonly writes?: number
}

/** A config without versions yet. */
export interface ConfigStart {
  /**
   * Declares the oldest supported version. A driver that adopts the package declares its present shape as version 1; the
   * first number is larger only when older versions lost support.
   */
  version<const N extends number, Schema extends AnySchema, Input = DeepReadonly<StaticOf<Schema>>>(
    number: PositiveInteger<N>,
    schema: Schema & Reserved<NoInfer<Input>>,
    options: VersionOptions<NoInfer<Input>>,
  ): ConfigChain<Input, ResolvedOf<Schema, Input>, N>

  /**
   * Records a version that is no longer read. Stays in the declaration for ever, so that reports can name the last driver that
   * reads it; comes before the versions that are read.
   */
  removed(number: number, tombstone: Tombstone): ConfigStart
}

/** A version as its author declared it, with the types gone. */
export interface VersionDeclaration {
  readonly number: number
  readonly schema: unknown
  /** Whatever was passed; the compiler asks for examples, JavaScript does not. */
  readonly options: Partial<VersionOptions<never>> & {
    readonly replaces?: Replacements
    readonly up?: Migration
    readonly down?: Migration
  }
}
