import type { Migration } from '../check/lineage.js'
import { isJsonObject, type JsonValue } from '../envelope/json-value.js'
import type { Replacements } from '../issue/version-hints.js'
import { findGap } from '../schema/find-gap.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'
import { bindSequence, runParts, runPartsBack } from './each.js'
import type { Draft, Operation } from './operation.js'

/** Operations that are tied to the schemas of both versions. */
export interface BoundMigration {
  readonly up: Migration
  readonly down?: Migration
  readonly replaces: Replacements
}

/**
 * Ties operations to the schemas of two versions.
 *
 * @throws SchemaProblem when an operation names what the older schema does not have, or when it is certain that the newer
 * schema refuses some migrated document.
 */
export function bindOperations(operations: readonly Operation[], from: SchemaNode, to: SchemaNode): BoundMigration {
  const { node, parts } = bindSequence(from, operations)
  const gap = node === undefined ? undefined : findGap(node, to)
  if (gap?.certain === true) {
    const problem = `after the operations, documents of the version before do not fit: ${gap.problem}.`
    const { pointer, hint = 'Add the operation that is missing, or loosen the schema.' } = gap
    throw new SchemaProblem(pointer, problem, hint)
  }
  const isReversible = parts.every((part) => part.down !== undefined)
  return {
    up: (value, note) => runParts(parts, draftOf(value), note),
    ...(isReversible
      ? { down: (value: JsonValue, note: (text: string) => void) => runPartsBack(parts, draftOf(value), note) }
      : {}),
    replaces: chainReplacements(parts.map((part) => part.replaces)),
  }
}

function draftOf(value: JsonValue): Draft {
  const draft = structuredClone(value)
  if (isJsonObject(draft)) return draft
  throw new TypeError('a block is an object')
}

/** Follows a field through several operations, so that each old name points at its last place. */
function chainReplacements(tables: readonly Replacements[]): Replacements {
  const chained: Record<string, string> = {}
  for (const table of tables) {
    for (const [from, to] of Object.entries(table)) {
      const origins = Object.keys(chained).filter((origin) => chained[origin] === from)
      for (const origin of origins) chained[origin] = to
      if (origins.length === 0) chained[from] = to
    }
  }
  return chained
}
