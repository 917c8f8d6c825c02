import { isJsonObject, type JsonValue } from '../envelope/json-value.js'
import type { ObjectNode, SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'
import { editNodes } from './edit-node.js'
import { type BoundOperation, type Operation, requireSteps } from './operation.js'
import { visitMembers, writeMember } from './template-steps.js'

/** Puts a value into an object under a key: `x` becomes `{ key: x }`. The way back notes what else the object holds. */
export function wrap(path: string, key: string): Operation {
  const steps = requireSteps(path)
  const bind = (node: SchemaNode | undefined): BoundOperation => ({
    node: node === undefined ? undefined : editNodes(node, steps, (inner) => wrapNode(inner, key)),
    up(draft) {
      visitMembers(draft, steps, (holder, at, value) => writeMember(holder, at, { [key]: value }))
      return draft
    },
    down(draft, note) {
      visitMembers(draft, steps, (holder, at, value) => writeMember(holder, at, openWrapper(value, key, path, note)))
      return draft
    },
    replaces: { [path]: `${path}.${key}` },
  })
  return { data: { op: 'wrap', path, key }, bind }
}

/** Takes a value out of an object with one field: `{ key: x }` becomes `x`. The way back is exact. */
export function unwrap(path: string, key: string): Operation {
  const steps = requireSteps(path)
  const bind = (node: SchemaNode | undefined): BoundOperation => ({
    node: node === undefined ? undefined : editNodes(node, steps, (outer) => unwrapNode(outer, key, path)),
    up(draft, note) {
      visitMembers(draft, steps, (holder, at, value) => writeMember(holder, at, openWrapper(value, key, path, note)))
      return draft
    },
    down(draft) {
      visitMembers(draft, steps, (holder, at, value) => writeMember(holder, at, { [key]: value }))
      return draft
    },
    replaces: { [`${path}.${key}`]: path },
  })
  return { data: { op: 'unwrap', path, key }, bind }
}

/** Makes a value the only item of a list. The way back keeps the first item and notes the others. */
export function wrapList(path: string): Operation {
  const steps = requireSteps(path)
  const bind = (node: SchemaNode | undefined): BoundOperation => ({
    node: node === undefined ? undefined : editNodes(node, steps, listOf),
    up(draft) {
      visitMembers(draft, steps, (holder, at, value) => writeMember(holder, at, [value]))
      return draft
    },
    down(draft, note) {
      visitMembers(draft, steps, (holder, at, value) => {
        const items = Array.isArray(value) ? value : [value]
        if (items.length !== 1) note(`"${path}" takes one value in the older version`)
        if (items[0] !== undefined) writeMember(holder, at, items[0])
        else if (!Array.isArray(holder)) delete holder[at]
      })
      return draft
    },
    replaces: { [path]: `${path}[]` },
  })
  return { data: { op: 'wrapList', path }, bind }
}

function wrapNode(inner: SchemaNode, key: string): ObjectNode {
  const { default: _ignored, ...node } = inner
  const properties = new Map([[key, { name: key, required: true, node }]])
  return { kind: 'object', annotations: {}, properties }
}

function unwrapNode(outer: SchemaNode, key: string, path: string): SchemaNode {
  const property = outer.kind === 'object' ? outer.properties.get(key) : undefined
  if (outer.kind === 'object' && property?.required === true && outer.properties.size === 1) return property.node
  const problem = `"${path}" is not an object with the one required field "${key}".`
  throw new SchemaProblem('', problem, 'Move or drop the other fields first.')
}

function listOf(items: SchemaNode): SchemaNode {
  return { kind: 'list', annotations: {}, minItems: 1, maxItems: 1, uniqueItems: false, items }
}

function openWrapper(value: JsonValue, key: string, path: string, note: (text: string) => void): JsonValue {
  if (!isJsonObject(value) || !Object.hasOwn(value, key)) throw new Error('the wrapped value is missing')
  if (Object.keys(value).length > 1) note(`"${path}" holds more than "${key}", which is lost`)
  return value[key] ?? null
}
