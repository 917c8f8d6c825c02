import type { JsonObject, JsonValue } from '../envelope/json-value.js'
import type { IssueCode } from '../issue/codes.js'

/** Grows with every change of what the document means. */
export const conformanceFormat = 1

/** `conformance.json`: blocks for a driver, each with what the driver must say about it. */
export interface ConformanceDocument {
  readonly conformance_format: number
  /** The key of the block in an envelope. */
  readonly driver: string
  readonly driver_version?: string
  /** The first word of paths. */
  readonly root: string
  /** What holds while the blocks are judged, in words. */
  readonly situation: string
  /** Documents that vectors start from, by name: `v2/full`. */
  readonly bases: Readonly<Record<string, JsonObject>>
  readonly vectors: readonly ConformanceVector[]
}

/** One block, as changes of a base: most blocks differ in one place. */
export interface ConformanceVector {
  /** `GROUP/…`, once in a document. */
  readonly id: string
  /** Name of the document to start from. Without a base, a patch and a recipe there is no block at all. */
  readonly base?: string
  /** The changes, as RFC 6902 has them. */
  readonly patch?: readonly PatchStep[]
  /** A value that is too large to write down, or that no file should hold. It is put there after the patch. */
  readonly make?: MadeValue
  readonly expect: VectorExpectation
}

/** One change. The path is an RFC 6901 pointer; `''` is the whole block. */
export type PatchStep =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: JsonValue }
  | { readonly op: 'remove'; readonly path: string }

/** A recipe for a value, and the member of an object that gets it. */
export interface MadeValue {
  readonly path: string
  readonly recipe:
    | { readonly kind: 'text'; readonly of: string; readonly times: number }
    | { readonly kind: 'list'; readonly of: JsonValue; readonly times: number }
    /** An object with the keys `k0`, `k1` and so on, all `true`. */
    | { readonly kind: 'keys'; readonly times: number }
    /** An object `{"in": {"in": …}}` of so many levels; the innermost is empty. */
    | { readonly kind: 'nested'; readonly times: number }
    /** The parts in a row. */
    | { readonly kind: 'joined'; readonly parts: readonly string[] }
}

/** What the driver must say. */
export type VectorExpectation =
  | {
      readonly ok: true
      readonly declared_version: number
      /** What handlers get: the current version with its defaults. */
      readonly current?: JsonObject
      readonly warnings: readonly ExpectedIssue[]
    }
  | {
      readonly ok: false
      /** All problems, in the order of the document. */
      readonly issues: readonly ExpectedIssue[]
      /** True when no reply may repeat the value of the recipe. */
      readonly hides_made?: boolean
    }

/** An issue, by what never changes about it. */
export interface ExpectedIssue {
  readonly code: IssueCode
  /** The place for people: `driver_config.mounts[0].source`. */
  readonly path: string
}
