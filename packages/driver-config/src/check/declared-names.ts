import { indexNames, type NameIndex } from '../issue/suggest.js'
import type { EnumNode, ObjectNode, VariantNode } from '../schema/schema-node.js'
import { markerKey } from './marker.js'

type NamedNode = ObjectNode | VariantNode | EnumNode

const indexes = new WeakMap<NamedNode, NameIndex>()
const rootIndexes = new WeakMap<ObjectNode, NameIndex>()

/** The names that a node declares, for suggestions: its fields, its branches, or its values. Prepared once for each node. */
export function declaredNames(node: NamedNode): NameIndex {
  return remember(indexes, node, () => listNames(node))
}

/** The names at the root of a block, where the marker is one as well. */
export function rootNames(node: ObjectNode): NameIndex {
  return remember(rootIndexes, node, () => [...listNames(node), markerKey])
}

function remember<Node extends object>(
  known: WeakMap<Node, NameIndex>,
  node: Node,
  list: () => readonly string[],
): NameIndex {
  const index = known.get(node) ?? indexNames(list())
  known.set(node, index)
  return index
}

function listNames(node: NamedNode): readonly string[] {
  if (node.kind === 'object') return [...node.properties.keys()]
  return node.kind === 'variant' ? [...node.branches.keys()] : node.values.map(String)
}
