import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import type { PathToken } from '../issue/path.js'
import { kindOf, type SchemaNode } from '../schema/schema-node.js'

/** A place of a document, and what may stand there. */
export interface DocumentSite {
  readonly tokens: readonly PathToken[]
  readonly node: SchemaNode
  readonly value: JsonValue
  /** True for a member that may not be left out. */
  readonly required: boolean
}

/**
 * The places of a valid document: the block itself, and its members and items. Each node of the schema comes once, at the first place
 * where the document has it; `seen` keeps them over several documents.
 */
export function listSites(root: SchemaNode, document: JsonObject, seen: Set<SchemaNode>): DocumentSite[] {
  return sitesAt(root, document, [], false, seen)
}

function sitesAt(
  declared: SchemaNode,
  value: JsonValue,
  tokens: readonly PathToken[],
  required: boolean,
  seen: Set<SchemaNode>,
): DocumentSite[] {
  const node = chooseBranch(declared, value)
  if (node === undefined) return []
  const own = seen.has(node) ? [] : [{ tokens, node, value, required }]
  seen.add(node)
  return [...own, ...membersOf(node, value, tokens, seen)]
}

function membersOf(
  node: SchemaNode,
  value: JsonValue,
  tokens: readonly PathToken[],
  seen: Set<SchemaNode>,
): DocumentSite[] {
  const inside = (child: SchemaNode | undefined, token: PathToken, member: JsonValue, required = false) =>
    child === undefined ? [] : sitesAt(child, member, [...tokens, token], required, seen)
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => {
      const child = node.kind === 'list' ? node.items : node.kind === 'tuple' ? node.items[index] : undefined
      return inside(child, index, item)
    })
  }
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([name, member]) => {
    if (node.kind === 'map') return inside(node.value, name, member)
    const property = node.kind === 'object' ? node.properties.get(name) : undefined
    return inside(property?.node, name, member, property?.required)
  })
}

/** The branch of a union that a value is of. */
function chooseBranch(node: SchemaNode, value: JsonValue): SchemaNode | undefined {
  if (node.kind === 'kinds') {
    const branch = node.branches.get(kindOf(value))
    return branch === undefined ? undefined : chooseBranch(branch, value)
  }
  if (node.kind !== 'variant') return node
  return isJsonObject(value) ? node.branches.get(String(value[node.tag])) : undefined
}
