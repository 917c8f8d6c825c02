import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import { suggestFrom } from '../issue/suggest.js'
import { describeKind, describeNode, shortList } from '../schema/describe-node.js'
import {
  type KindUnionNode,
  kindOf,
  type MapNode,
  type ObjectNode,
  type OpaqueNode,
  type SchemaNode,
  type VariantNode,
} from '../schema/schema-node.js'
import { checkList, checkTuple } from './check-list.js'
import { checkBag, checkMap } from './check-map.js'
import { checkEnum, checkNumber, checkString } from './check-scalar.js'
import { declaredNames } from './declared-names.js'
import { isPlainlyValid } from './is-plainly-valid.js'
import { childPlace, type Place, rootPlace, type StructureReport } from './structure-report.js'
import { reportUnknownField } from './unknown-field.js'

/**
 * Checks a guarded value against a node and reports every problem, in document order; missing fields come after the fields
 * that are there, in the order of declaration.
 */
export function checkStructure(node: SchemaNode, value: JsonValue, report: StructureReport): void {
  checkNode(node, value, rootPlace, report)
}

function checkNode(node: SchemaNode, value: JsonValue, place: Place, report: StructureReport): void {
  switch (node.kind) {
    case 'string':
      if (typeof value === 'string') checkString(node, value, place, report)
      else reportKind(node, value, place, report)
      break
    case 'number':
      if (typeof value === 'number') checkNumber(node, value, place, report)
      else reportKind(node, value, place, report)
      break
    case 'boolean':
    case 'null':
      if (kindOf(value) !== node.kind) reportKind(node, value, place, report)
      break
    case 'enum':
      if (value === null) reportKind(node, value, place, report)
      else checkEnum(node, value, place, report)
      break
    case 'list':
    case 'tuple':
      if (!Array.isArray(value)) reportKind(node, value, place, report)
      else if (node.kind === 'list') checkList(node, value, place, report, checkNode)
      else checkTuple(node, value, place, report, checkNode)
      break
    case 'kinds':
      checkKinds(node, value, place, report)
      break
    case 'opaque':
      if (node.bag) checkObjectLike(node, value, place, report)
      break
    default:
      checkObjectLike(node, value, place, report)
  }
}

type ObjectLikeNode = ObjectNode | MapNode | VariantNode | OpaqueNode

function checkObjectLike(node: ObjectLikeNode, value: JsonValue, place: Place, report: StructureReport): void {
  if (!isJsonObject(value)) reportKind(node, value, place, report)
  else if (node.kind === 'object') checkObject(node, value, place, report)
  else if (node.kind === 'map') checkMap(node, value, place, report, checkNode)
  else if (node.kind === 'variant') checkVariant(node, value, place, report)
  else checkBag(value, place, report)
}

function checkKinds(node: KindUnionNode, value: JsonValue, place: Place, report: StructureReport): void {
  const branch = node.branches.get(kindOf(value))
  if (branch === undefined) reportKind(node, value, place, report)
  else checkNode(branch, value, place, report)
}

function checkObject(node: ObjectNode, value: JsonObject, place: Place, report: StructureReport): void {
  for (const key of Object.keys(value)) {
    const property = node.properties.get(key)
    const member = value[key]
    if (property === undefined) reportUnknownField(node, key, place, report)
    else if (member !== undefined && !isPlainlyValid(property.node, member)) {
      checkNode(property.node, member, childPlace(place, key, property.name, !property.required), report)
    }
  }
  for (const property of node.properties.values()) {
    if (property.required && !Object.hasOwn(value, property.name)) {
      const expected = describeNode(property.node)
      const fix = `Add "${property.name}": ${expected}.`
      report.add('FIELD_REQUIRED', [...place.tokens, property.name], { problem: 'is required', fix, expected })
    }
  }
}

function checkVariant(node: VariantNode, value: JsonObject, place: Place, report: StructureReport): void {
  const tag = value[node.tag]
  const branch = typeof tag === 'string' ? node.branches.get(tag) : undefined
  if (branch !== undefined) {
    checkObject(branch, value, place.choose({ tag: node.tag, value: tag as string, node }), report)
    return
  }
  const names = [...node.branches.keys()]
  const expected = `one of ${names.map((name) => JSON.stringify(name)).join(', ')}`
  const tokens = [...place.tokens, node.tag]
  if (tag === undefined) {
    const fix = `Add "${node.tag}": ${expected}.`
    const problem = `is required; it selects the shape: ${expected}`
    report.add('VARIANT_MISSING', tokens, { problem, fix, expected, allowed: shortList(names) })
    return
  }
  const received = describeKind(kindOf(tag))
  const suggestion = typeof tag === 'string' ? suggestFrom(tag, declaredNames(node))[0] : undefined
  const hint = suggestion === undefined ? `, got ${received}` : `; did you mean "${suggestion}"?`
  const fix = suggestion === undefined ? `Write ${expected}.` : `Write "${suggestion}".`
  const problem = `must be ${expected}${hint}`
  report.add('VARIANT_UNKNOWN', tokens, { problem, fix, expected, received, allowed: shortList(names), suggestion })
}

function reportKind(node: SchemaNode, value: JsonValue, place: Place, report: StructureReport): void {
  const expected = describeNode(node)
  if (value === null) {
    const fix = place.optional ? 'Remove the key.' : `Write ${expected}.`
    const problem = `must be ${expected}, got null`
    report.add('NULL_NOT_ALLOWED', place.tokens, { problem, fix, expected, received: 'null' })
    return
  }
  const received = describeKind(kindOf(value))
  const isQuoted = typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
  const fix = node.kind === 'number' && isQuoted ? 'Write the number without quotes.' : `Write ${expected}.`
  report.add('TYPE_MISMATCH', place.tokens, {
    problem: `must be ${expected}, got ${received}`,
    fix,
    expected,
    received,
  })
}
