import type { JsonValue } from '../envelope/json-value.js'
import type { EnumNode, SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'
import { editNodes } from './edit-node.js'
import { type BoundOperation, type Operation, requireSteps } from './operation.js'
import { visitMembers, writeMember } from './template-steps.js'

/**
 * Replaces the values of an enum of texts. The table names every old value; there is a way back when no two old values become
 * the same, and then it is exact.
 */
export function mapEnum(path: string, table: Readonly<Record<string, string>>): Operation {
  const steps = requireSteps(path)
  const pairs = Object.entries(table)
  const forward = new Map(pairs)
  const backward = new Map(pairs.map(([from, to]) => [to, from]))
  const translate = (mapping: ReadonlyMap<string, string>) => (draft: Record<string, JsonValue>) => {
    visitMembers(draft, steps, (holder, key, value) => {
      const mapped = typeof value === 'string' ? mapping.get(value) : undefined
      if (mapped === undefined) throw new Error('a value is not in the table')
      writeMember(holder, key, mapped)
    })
    return draft
  }
  return {
    data: { op: 'mapEnum', path, table: { ...table } },
    bind: (node): BoundOperation => ({
      node: node === undefined ? undefined : editNodes(node, steps, (value) => mapNode(value, forward, path)),
      up: translate(forward),
      ...(backward.size === pairs.length ? { down: translate(backward) } : {}),
      replaces: {},
    }),
  }
}

function mapNode(node: SchemaNode, table: ReadonlyMap<string, string>, path: string): EnumNode {
  if (node.kind !== 'enum') throw new SchemaProblem('', `"${path}" is not an enum.`, 'Name a field with fixed texts.')
  const missing = node.values.filter((value) => !table.has(String(value)))
  const unknown = [...table.keys()].filter((value) => !node.values.includes(value))
  if (missing.length > 0 || unknown.length > 0) {
    const problem = `the table for "${path}" does not fit: missing ${missing.join(', ') || 'none'}, unknown ${unknown.join(', ') || 'none'}.`
    throw new SchemaProblem('', problem, 'Name every value of the version before, and no other.')
  }
  const values = [...new Set(node.values.map((value) => table.get(String(value)) ?? value))]
  const fallback = node.default === undefined ? {} : { default: table.get(String(node.default)) ?? node.default }
  return { kind: 'enum', annotations: node.annotations, values, ...fallback }
}
