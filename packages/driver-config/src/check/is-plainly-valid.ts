import type { JsonValue } from '../envelope/json-value.js'
import type { SchemaNode, StringNode } from '../schema/schema-node.js'
import { isInRange } from './check-scalar.js'

/** True for most scalars that are right; others get a place in a report, and are then right or not. */
export function isPlainlyValid(node: SchemaNode, value: JsonValue): boolean {
  switch (node.kind) {
    case 'boolean':
      return typeof value === 'boolean'
    case 'number':
      return typeof value === 'number' && node.multipleOf === undefined && node.integer && isInRange(node, value)
    case 'enum':
      return node.values.includes(value as string | number | boolean)
    case 'string':
      return typeof value === 'string' && isPlainText(node, value.length)
    default:
      return false
  }
}

/** A text has at most as many characters as units, and at least half as many. */
function isPlainText(node: StringNode, units: number): boolean {
  if (node.pattern !== undefined || node.format !== undefined) return false
  return units >= node.minLength * 2 - 1 && (node.maxLength === undefined || units <= node.maxLength)
}
