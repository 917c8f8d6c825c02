import { joinTemplate } from '../issue/path.js'
import { suggestNames } from '../issue/suggest.js'
import { digestSchema } from '../schema/schema-digest.js'
import type { ObjectNode, PropertyNode } from '../schema/schema-node.js'
import type { Comparison } from './compare-nested.js'
import { sampleValue } from './sample-value.js'
import { memberPlace } from './schema-place.js'

/** Compares two closed objects, member by member. */
export function compareObjects(comparison: Comparison<ObjectNode>): void {
  const { before, after } = comparison
  const renamed = findRenamed(before, after)
  const taken = new Set(renamed.values())
  for (const property of before.properties.values()) {
    const target = after.properties.get(property.name)
    if (target !== undefined) compareMember(property, target, comparison)
    else reportGone(property, after.properties.get(renamed.get(property.name) ?? ''), comparison)
  }
  for (const property of after.properties.values()) {
    if (!before.properties.has(property.name) && !taken.has(property.name)) reportNew(property, comparison)
  }
  compareOrder(comparison)
}

function compareMember(before: PropertyNode, after: PropertyNode, comparison: Comparison<ObjectNode>): void {
  const { place, changes, compare } = comparison
  const member = memberPlace(place, comparison.before, before.name, !before.required && !after.required)
  if (!before.required && after.required) requireMember(after, before, comparison)
  if (before.required && !after.required) {
    changes.add(member.path, 'REQUIRED_DROPPED', { before: true, after: false, what: 'may be absent' })
  }
  compare(before.node, after.node, member, changes)
}

function reportGone(
  property: PropertyNode,
  target: PropertyNode | undefined,
  comparison: Comparison<ObjectNode>,
): void {
  const { before, place, changes } = comparison
  const { name, node } = property
  const path = joinTemplate(place.path, name)
  const isBag = node.kind === 'opaque' && node.bag
  const rule = target === undefined ? (isBag ? 'EXTENSION_BAG_REMOVED' : 'PROPERTY_REMOVED') : 'PROPERTY_RENAMED'
  const what = target === undefined ? 'is no longer declared' : `is called "${target.name}" now`
  const properties = new Map([...before.properties].filter(([each]) => each !== name))
  const said = { before: name, ...(target === undefined ? {} : { after: target.name }) }
  const member = memberPlace(place, before, name, false)
  const value = sampleValue(node)
  const block = value === undefined ? undefined : member.embed(value)
  const isolated = { ...before, properties }
  const witness = changes.showAt(place, isolated, before, block === undefined ? [] : [block])
  changes.addShown(path, rule, { ...said, what }, witness)
}

function reportNew(property: PropertyNode, comparison: Comparison<ObjectNode>): void {
  const { place, changes } = comparison
  if (property.required) requireMember(property, undefined, comparison)
  else changes.add(joinTemplate(place.path, property.name), 'OPTIONAL_ADDED', { what: 'is new and may be absent' })
}

/** Blocks without the member are refused; those with it are not at stake. */
function requireMember(
  required: PropertyNode,
  earlier: PropertyNode | undefined,
  { before, place, changes }: Comparison<ObjectNode>,
): void {
  const { name } = required
  const path = joinTemplate(place.path, name)
  const facts = { ...(earlier === undefined ? {} : { before: false }), after: true, what: 'is required now' }
  const node = earlier?.node ?? required.node
  const isolated = { ...before, properties: new Map([...before.properties, [name, { name, required: true, node }]]) }
  const value = sampleValue(before)
  const block = value === undefined ? undefined : place.embed(value)
  changes.addShown(
    path,
    'REQUIRED_ADDED',
    facts,
    changes.showAt(place, isolated, before, block === undefined ? [] : [block]),
  )
}

/** A new member of the same shape under a name that looks like the old one; each new name is taken once. */
function findRenamed(before: ObjectNode, after: ObjectNode): Map<string, string> {
  const renamed = new Map<string, string>()
  const fresh = [...after.properties.keys()].filter((name) => !before.properties.has(name))
  for (const { name, node } of before.properties.values()) {
    if (after.properties.has(name)) continue
    const { shape } = digestSchema(node)
    const free = fresh.filter((each) => ![...renamed.values()].includes(each))
    const alike = free.filter((each) => {
      const target = after.properties.get(each)
      return target !== undefined && digestSchema(target.node).shape === shape
    })
    const [target] = suggestNames(name, alike)
    if (target !== undefined) renamed.set(name, target)
  }
  return renamed
}

function compareOrder({ before, after, place, changes }: Comparison<ObjectNode>): void {
  const shared = [...before.properties.keys()].filter((name) => after.properties.has(name))
  const now = [...after.properties.keys()].filter((name) => before.properties.has(name))
  if (shared.join('\n') === now.join('\n')) return
  changes.add(place.path, 'ORDER_CHANGED', { before: shared, after: now, what: 'declares its fields in another order' })
}
