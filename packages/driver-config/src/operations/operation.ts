import type { Note } from '../check/lineage.js'
import type { JsonObject, JsonValue } from '../envelope/json-value.js'
import type { Replacements } from '../issue/version-hints.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'
import { parseTemplate, type TemplateStep } from './template-steps.js'

/** A document that a migration edits: a private copy. */
export type Draft = Record<string, JsonValue>

/** An operation that knows the schema it is applied to. */
export interface BoundOperation {
  /** The schema after the operation; absent when it cannot be told, as after code. */
  readonly node: SchemaNode | undefined
  /** Edits a document; may return another one. Throws when the document cannot be carried over. */
  up(draft: Draft, note: Note): JsonValue
  /** The way back; absent when there is none. */
  readonly down?: (draft: Draft, note: Note) => JsonValue
  /** Old path templates and what replaces them. */
  readonly replaces: Replacements
}

/** One declarative step of a migration. */
export interface Operation {
  /** The operation as data, for tools in other languages. */
  readonly data: JsonObject
  /**
   * Applies the operation to the schema before it; `undefined` when that schema cannot be told.
   *
   * @throws SchemaProblem when the schema does not have what the operation names.
   */
  bind(node: SchemaNode | undefined): BoundOperation
}

/** The steps of a path that names at least one field; refuses what is not a path. */
export function requireSteps(path: string): readonly [TemplateStep, ...TemplateStep[]] {
  const [first, ...rest] = parseTemplate(path) ?? []
  if (first !== undefined) return [first, ...rest]
  throw new SchemaProblem(
    '',
    `"${path}" is not a path.`,
    'Write names with dots and "[]" for items: mounts[].read_only.',
  )
}

/** A path that ends in a name, split into the place of its parent and the name. */
export function requireMember(path: string): { readonly parent: readonly TemplateStep[]; readonly name: string } {
  const steps = requireSteps(path)
  const last = steps[steps.length - 1]
  if (last?.type === 'name') return { parent: steps.slice(0, -1), name: last.name }
  throw new SchemaProblem('', `"${path}" does not name a field.`, 'End the path with the name of a field.')
}
