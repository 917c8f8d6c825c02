import type { JsonValue } from '../envelope/json-value.js'
import { isJsonObject } from '../envelope/json-value.js'
import type { ObjectNode, PropertyNode, SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'
import { editObjects, withProperties } from './edit-node.js'
import { type BoundOperation, type Draft, type Operation, requireMember } from './operation.js'
import { formatTemplate, type TemplateStep, visitObjects } from './template-steps.js'

/** Gives a field another name on the same level. The way back is exact. */
export function rename(path: string, name: string): Operation {
  const { parent, name: from } = requireMember(path)
  const target = formatTemplate([...parent, { type: 'name', name }])
  return {
    data: { op: 'rename', path, to: name },
    bind: (node): BoundOperation => ({
      node: node === undefined ? undefined : renameInNode(node, parent, from, name),
      up: (draft) => renameInDocument(draft, parent, from, name),
      down: (draft) => renameInDocument(draft, parent, name, from),
      replaces: { [path]: target },
    }),
  }
}

/**
 * Moves a field to another level; creates the parents, and fails when something is there already. Both paths lie in the same
 * item when they go through a list. The way back is exact, except that an empty parent that the older version does not have
 * is lost, with a note.
 */
export function move(from: string, to: string): Operation {
  const source = requireMember(from)
  const target = requireMember(to)
  const base = commonItem(source.parent, target.parent)
  const level = base.length
  const take = { parent: source.parent.slice(level).map(nameOf), name: source.name }
  const put = { parent: target.parent.slice(level).map(nameOf), name: target.name }
  return {
    data: { op: 'move', path: from, to },
    bind(node): BoundOperation {
      const moved = node === undefined ? undefined : moveInNode(node, base, take, put, from)
      return {
        node: moved?.node,
        up: (draft) => moveInDocument(draft, base, take, put, () => undefined),
        down: (draft, note) =>
          moveInDocument(draft, base, put, take, (item, wasMoved) => {
            if (moved?.created !== true || !dropEmptyParents(item, put.parent) || wasMoved) return
            note(`the empty parent of "${to}" has no place in the older version`)
          }),
        replaces: { [from]: to },
      }
    },
  }
}

interface Place {
  readonly parent: readonly string[]
  readonly name: string
}

/** The steps up to the last list or map that both paths go through. */
function commonItem(a: readonly TemplateStep[], b: readonly TemplateStep[]): readonly TemplateStep[] {
  const last = Math.max(lastRepeat(a), lastRepeat(b))
  const base = a.slice(0, last + 1)
  if (formatTemplate(base) === formatTemplate(b.slice(0, last + 1)) && base.length === last + 1) return base
  throw new SchemaProblem('', 'a field cannot move into or out of a list.', 'Use code() for such a migration.')
}

function lastRepeat(steps: readonly TemplateStep[]): number {
  return steps.findLastIndex((step) => step.type !== 'name')
}

function nameOf(step: TemplateStep): string {
  return step.type === 'name' ? step.name : ''
}

function renameInNode(node: SchemaNode, parent: readonly TemplateStep[], from: string, to: string): SchemaNode {
  const edited = editObjects(node, parent, (object) => {
    const property = object.properties.get(from)
    if (property === undefined) return undefined
    if (object.properties.has(to)) throw occupied(to)
    const renamed = { ...property, name: to }
    return withProperties(
      object,
      [...object.properties.values()].map((each) => (each === property ? renamed : each)),
    )
  })
  if (edited !== undefined) return edited
  throw missing(formatTemplate([...parent, { type: 'name', name: from }]))
}

function renameInDocument(draft: Draft, parent: readonly TemplateStep[], from: string, to: string): Draft {
  visitObjects(draft, parent, (object) => {
    if (!Object.hasOwn(object, from)) return
    if (Object.hasOwn(object, to)) throw new Error('the new name is in use')
    const entries = Object.entries(object).map(([key, value]): [string, JsonValue] => [key === from ? to : key, value])
    for (const key of Object.keys(object)) delete object[key]
    Object.assign(object, Object.fromEntries(entries))
  })
  return draft
}

function moveInNode(
  node: SchemaNode,
  base: readonly TemplateStep[],
  take: Place,
  put: Place,
  from: string,
): { node: SchemaNode; created: boolean } {
  let created = false
  const edited = editObjects(node, base, (object) => {
    const removed = removeProperty(object, take.parent, take.name)
    if (removed === undefined) return undefined
    const added = addProperty(removed.object, put.parent, { ...removed.property, name: put.name })
    created = added.created
    return added.object
  })
  if (edited === undefined) throw missing(from)
  return { node: edited, created }
}

function removeProperty(
  object: ObjectNode,
  parents: readonly string[],
  name: string,
): { object: ObjectNode; property: PropertyNode } | undefined {
  const [first, ...rest] = parents
  const others = (skip: string): PropertyNode[] => [...object.properties.values()].filter((each) => each.name !== skip)
  if (first === undefined) {
    const property = object.properties.get(name)
    return property === undefined ? undefined : { property, object: withProperties(object, others(name)) }
  }
  const parent = object.properties.get(first)
  const within = parent?.node.kind === 'object' ? removeProperty(parent.node, rest, name) : undefined
  if (parent === undefined || within === undefined) return undefined
  // What an optional parent held is optional once it stands elsewhere.
  const property = { ...within.property, required: within.property.required && parent.required }
  return { property, object: withProperties(object, [...others(first), { ...parent, node: within.object }]) }
}

function addProperty(
  object: ObjectNode,
  parents: readonly string[],
  property: PropertyNode,
): { object: ObjectNode; created: boolean } {
  const [first, ...rest] = parents
  const all = [...object.properties.values()]
  if (first === undefined) {
    if (object.properties.has(property.name)) throw occupied(property.name)
    return { object: withProperties(object, [...all, property]), created: false }
  }
  const parent = object.properties.get(first)
  if (parent !== undefined && parent.node.kind !== 'object') throw occupied(first)
  const empty: ObjectNode = { kind: 'object', annotations: {}, properties: new Map() }
  const target = parent?.node.kind === 'object' ? parent.node : empty
  const within = addProperty(target, rest, property)
  const required = parent === undefined ? property.required : parent.required
  const replaced: PropertyNode = { name: first, required, node: within.object }
  const others = all.filter((each) => each.name !== first)
  return { object: withProperties(object, [...others, replaced]), created: within.created || parent === undefined }
}

function moveInDocument(
  draft: Draft,
  base: readonly TemplateStep[],
  take: Place,
  put: Place,
  finish: (item: Draft, wasMoved: boolean) => void,
): Draft {
  visitObjects(draft, base, (item) => {
    const source = take.parent.reduce<JsonValue | undefined>((value, name) => memberOf(value, name), item)
    const isThere = isJsonObject(source) && Object.hasOwn(source, take.name)
    if (isThere) {
      const value = source[take.name] ?? null
      delete source[take.name]
      const target = put.parent.reduce<Draft>(openParent, item)
      if (Object.hasOwn(target, put.name)) throw new Error('the new place is in use')
      target[put.name] = value
    }
    finish(item, isThere)
  })
  return draft
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

function openParent(parent: Draft, name: string): Draft {
  const existing = memberOf(parent, name)
  if (isJsonObject(existing)) return existing
  if (existing !== undefined) throw new Error('the new parent is not an object')
  const created: Draft = {}
  parent[name] = created
  return created
}

/** Removes parents that hold nothing, innermost first; true when there was one. */
function dropEmptyParents(item: Draft, parents: readonly string[]): boolean {
  const [first, ...rest] = parents
  const parent = first === undefined ? undefined : memberOf(item, first)
  if (first === undefined || !isJsonObject(parent)) return false
  dropEmptyParents(parent, rest)
  return Object.keys(parent).length === 0 && delete item[first]
}

function occupied(name: string): SchemaProblem {
  return new SchemaProblem('', `the version before has a field "${name}" already.`, 'Drop or rename that one first.')
}

function missing(path: string): SchemaProblem {
  return new SchemaProblem('', `the version before has no "${path}".`, 'Name a field of the version before.')
}
