import type { ConfigLineage, ConfigVersion } from '../check/lineage.js'
import { isJsonObject, type JsonValue } from '../envelope/json-value.js'
import { bindSequence } from '../operations/each.js'
import { readOperations } from '../publish/read-operations.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'
import { compareSchemas } from './compare-schemas.js'
import { compatibilityRules } from './compatibility-rules.js'

/** Operations that carry every document over, so that the schema after them says what comes out. */
const totalOperations = ['rename', 'drop']

/**
 * True when it is decided, without trying, that the documents of a version migrate to valid ones of the current version: by operations
 * that cannot fail, into schemas that take all that the operations leave, with no rule at the end. The limits of a block
 * are not part of it.
 */
export function isProvenMigration(from: number, { versions, max, current }: ConfigLineage): boolean {
  if (current.rules.length > 0) return false
  for (let number = from; number < max; number += 1) {
    const [before, after] = [versions.get(number), versions.get(number + 1)]
    if (before === undefined || after === undefined || !isProvenHop(before, after)) return false
  }
  return true
}

function isProvenHop(before: ConfigVersion, { node, operations }: ConfigVersion): boolean {
  if (operations === undefined || !operations.every(isTotal)) return false
  const migrated = migratedNode(completeNode(before.node), operations)
  if (migrated === undefined) return false
  return compareSchemas(migrated, node, '').every(
    ({ rule, verdict }) => verdict === 'ok' || verdict === 'warning' || compatibilityRules[rule].effect === 'meaning',
  )
}

function isTotal(operation: JsonValue): boolean {
  return isJsonObject(operation) && totalOperations.includes(String(operation['op']))
}

function migratedNode(node: SchemaNode, operations: readonly JsonValue[]): SchemaNode | undefined {
  try {
    return bindSequence(node, readOperations(operations)).node
  } catch (error) {
    if (error instanceof SchemaProblem) return undefined
    throw error
  }
}

/** The shape of complete values at the top level: migrations get documents whose defaults are filled in. */
function completeNode(node: SchemaNode): SchemaNode {
  if (node.kind !== 'object') return node
  const properties = [...node.properties].map(([name, property]) => {
    const required = property.required || property.node.default !== undefined
    return [name, { ...property, required }] as const
  })
  return { ...node, properties: new Map(properties) }
}
