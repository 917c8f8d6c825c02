import { type ReadNested, readAnnotations, readCount, requireRoom, type SchemaSource } from './schema-keywords.js'
import type { ListNode, SchemaNode, TupleNode } from './schema-node.js'
import { SchemaProblem } from './schema-problem.js'

const listKeywords = ['items', 'prefixItems', 'additionalItems', 'minItems', 'maxItems', 'uniqueItems']

/** Reads a list with items of one shape, or a tuple in the form of either TypeBox line or of 2020-12. */
export function readListSchema(source: SchemaSource, pointer: string, nested: ReadNested): ListNode | TupleNode {
  const annotations = readAnnotations(source, listKeywords, pointer)
  const places = source['prefixItems'] ?? source['items']
  if (Array.isArray(places)) return { kind: 'tuple', annotations, items: readPlaces(places, source, pointer, nested) }
  if (places === undefined) {
    throw new SchemaProblem(pointer, 'a list needs the shape of its items.', 'Add items, or use opaque("reason").')
  }
  const maxItems = readCount(source, 'maxItems', pointer)
  const items = nested(places, `${pointer}/items`)
  const minItems = readCount(source, 'minItems', pointer) ?? 0
  requireRoom(minItems, maxItems, `${pointer}/maxItems`)
  const { uniqueItems = false } = source
  if (typeof uniqueItems !== 'boolean') {
    throw new SchemaProblem(`${pointer}/uniqueItems`, '"uniqueItems" must be true or false.', 'Write one of the two.')
  }
  if (uniqueItems && !isScalarNode(items)) {
    const advice = 'Use the rule unique() for lists of objects.'
    throw new SchemaProblem(`${pointer}/uniqueItems`, 'uniqueItems compares scalars.', advice)
  }
  return {
    kind: 'list',
    annotations,
    minItems,
    ...(maxItems === undefined ? {} : { maxItems }),
    uniqueItems,
    items,
  }
}

function readPlaces(
  places: readonly unknown[],
  source: SchemaSource,
  pointer: string,
  nested: ReadNested,
): SchemaNode[] {
  const rest = source['prefixItems'] === undefined ? source['additionalItems'] : source['items']
  const count = readCount(source, 'minItems', pointer)
  const most = readCount(source, 'maxItems', pointer)
  if ((rest !== undefined && rest !== false) || (count ?? places.length) !== places.length) {
    throw new SchemaProblem(pointer, 'a tuple has a fixed length.', 'Close it, with minItems equal to its places.')
  }
  if ((most ?? places.length) !== places.length || source['uniqueItems'] === true) {
    throw new SchemaProblem(pointer, 'a tuple has a fixed length.', 'Remove maxItems and uniqueItems.')
  }
  return places.map((place, index) => nested(place, `${pointer}/prefixItems/${index}`))
}

function isScalarNode(node: SchemaNode): boolean {
  return node.kind === 'string' || node.kind === 'number' || node.kind === 'boolean' || node.kind === 'enum'
}
