import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import { readsNullAsAbsent } from '../schema/null-means-absent.js'
import { kindOf, type ObjectNode, type SchemaNode } from '../schema/schema-node.js'

/**
 * A copy of an unchecked body without the members whose null means that they are absent. Everything else stays, right or wrong, for
 * the checks.
 */
export function dropAbsentNulls(node: SchemaNode, body: JsonObject): JsonObject {
  const kept = keepPresent(node, body)
  return isJsonObject(kept) ? kept : body
}

function keepPresent(node: SchemaNode, value: JsonValue): JsonValue {
  switch (node.kind) {
    case 'object':
      return isJsonObject(value) ? keepMembers(node, value) : value
    case 'variant': {
      const tag = isJsonObject(value) ? value[node.tag] : undefined
      const branch = typeof tag === 'string' ? node.branches.get(tag) : undefined
      return branch !== undefined && isJsonObject(value) ? keepMembers(branch, value) : value
    }
    case 'kinds': {
      const branch = node.branches.get(kindOf(value))
      return branch === undefined ? value : keepPresent(branch, value)
    }
    case 'map':
      if (!isJsonObject(value)) return value
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, keepPresent(node.value, member)]))
    case 'list':
      return Array.isArray(value) ? value.map((item) => keepPresent(node.items, item)) : value
    case 'tuple':
      return Array.isArray(value) ? value.map((item, index) => keepItem(node.items[index], item)) : value
    default:
      return value
  }
}

function keepItem(node: SchemaNode | undefined, item: JsonValue): JsonValue {
  return node === undefined ? item : keepPresent(node, item)
}

function keepMembers(node: ObjectNode, value: JsonObject): JsonObject {
  const entries = Object.entries(value).flatMap(([key, member]): [string, JsonValue][] => {
    const property = node.properties.get(key)
    if (property === undefined) return [[key, member]]
    return member === null && readsNullAsAbsent(property.node) ? [] : [[key, keepPresent(property.node, member)]]
  })
  return Object.fromEntries(entries)
}
