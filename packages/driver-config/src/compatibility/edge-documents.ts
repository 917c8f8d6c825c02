import type { JsonValue } from '../envelope/json-value.js'
import { formatOf, isFormatName } from '../schema/formats.js'
import type { NumberNode, SchemaNode, StringNode } from '../schema/schema-node.js'
import { sampleItems, sampleKeys, sampleValue } from './sample-value.js'
import {
  itemPlace,
  kindPlace,
  memberPlace,
  rootPlace,
  type SchemaPlace,
  tupleItemPlace,
  valuePlace,
  variantPlace,
} from './schema-place.js'

/**
 * Documents at the edges of a schema: the smallest one, one with every member, and for each place its default, its listed values,
 * its bounds and their neighbours. Not all of them are valid.
 */
export function* edgeDocuments(node: SchemaNode): Generator<JsonValue> {
  const [smallest, fullest] = [sampleValue(node), fullValue(node)]
  if (smallest !== undefined) yield smallest
  if (fullest !== undefined) yield fullest
  yield* edgesAt(node, rootPlace(''))
}

function* edgesAt(node: SchemaNode, place: SchemaPlace): Generator<JsonValue> {
  for (const value of edgeValues(node)) {
    const block = place.embed(value)
    if (block !== undefined) yield block
  }
  for (const [child, childPlace] of childrenOf(node, place)) yield* edgesAt(child, childPlace)
}

function childrenOf(node: SchemaNode, place: SchemaPlace): readonly (readonly [SchemaNode, SchemaPlace])[] {
  switch (node.kind) {
    case 'object':
      return [...node.properties.values()].map((each) => [each.node, memberPlace(place, node, each.name, true)])
    case 'map':
      return [[node.value, valuePlace(place, node)]]
    case 'list':
      return [[node.items, itemPlace(place, node)]]
    case 'tuple':
      return node.items.map((item, index) => [item, tupleItemPlace(place, node, index)])
    case 'variant':
      return [...node.branches].map(([value, branch]) => [branch, variantPlace(place, node, [value])])
    case 'kinds':
      return [...node.branches].map(([kind, branch]) => [branch, kindPlace(place, node, kind)])
    default:
      return []
  }
}

function* edgeValues(node: SchemaNode): Generator<JsonValue> {
  if (node.default !== undefined) yield node.default
  switch (node.kind) {
    case 'enum':
      yield* node.values
      break
    case 'boolean':
      yield* [true, false]
      break
    case 'null':
      yield null
      break
    case 'number':
      yield* numberEdges(node)
      break
    case 'string':
      yield* textEdges(node)
      break
    case 'list':
      for (const count of countEdges(node.minItems, node.maxItems)) yield sampleItems(node.items, count)
      break
    case 'map': {
      const value = sampleValue(node.value)
      if (value === undefined) break
      for (const count of countEdges(node.minProperties, node.maxProperties)) {
        yield Object.fromEntries(sampleKeys(node.keyPattern, count).map((key) => [key, value]))
      }
      break
    }
    case 'object': {
      const full = fullValue(node)
      if (full !== undefined) yield full
      break
    }
    default:
  }
}

function* numberEdges(node: NumberNode): Generator<number> {
  const step = node.multipleOf ?? 1
  const edge = node.integer ? [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] : []
  const bounds = [node.minimum, node.exclusiveMinimum, node.maximum, node.exclusiveMaximum, ...edge, 0]
  for (const bound of bounds.filter((each) => each !== undefined)) {
    for (const offset of [0, -1, 1, -step, step]) yield bound + offset
    yield Math.ceil(bound / step) * step
    yield Math.floor(bound / step) * step
    if (!node.integer) yield bound + 0.5
  }
}

function* textEdges({ minLength, maxLength, format }: StringNode): Generator<string> {
  if (format !== undefined && isFormatName(format)) yield* formatOf(format).accepts
  for (const length of countEdges(minLength, maxLength)) yield 'a'.repeat(length)
}

/** Both bounds and their neighbours, as far as a block within the limits can have them. */
function countEdges(least: number, most: number | undefined): readonly number[] {
  const counts = [least - 1, least, least + 1, ...(most === undefined ? [] : [most - 1, most, most + 1])]
  return [...new Set(counts)].filter((count) => count >= 0 && count <= 20_000)
}

/** A value with every member that is declared, as far as samples are found. */
function fullValue(node: SchemaNode): JsonValue | undefined {
  if (node.kind !== 'object') return sampleValue(node)
  const members = [...node.properties.values()].map(({ name, node: member }) => [name, fullValue(member)] as const)
  return Object.fromEntries(members.filter(([, value]) => value !== undefined)) as JsonValue
}
