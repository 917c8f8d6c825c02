import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import { kindOf, type SchemaNode } from '../schema/schema-node.js'

/** A copy without the keys that a schema does not declare, for drivers that used to ignore them. */
export function dropUnknownKeys(node: SchemaNode, body: JsonObject): JsonObject {
  const kept = keepDeclared(node, body)
  return isJsonObject(kept) ? kept : body
}

function keepDeclared(node: SchemaNode, value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    if (node.kind === 'tuple') return value.map((item, index) => keepDeclared(node.items[index] ?? node, item))
    return node.kind === 'list' ? value.map((item) => keepDeclared(node.items, item)) : value
  }
  if (node.kind === 'kinds') {
    const branch = node.branches.get(kindOf(value))
    return branch === undefined ? value : keepDeclared(branch, value)
  }
  if (!isJsonObject(value)) return value
  if (node.kind === 'map') {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, keepDeclared(node.value, member)]))
  }
  if (node.kind === 'variant') {
    const tag = value[node.tag]
    const branch = typeof tag === 'string' ? node.branches.get(tag) : undefined
    return branch === undefined ? value : keepDeclared(branch, value)
  }
  if (node.kind !== 'object') return value
  const entries = Object.entries(value).flatMap(([key, member]): [string, JsonValue][] => {
    const property = node.properties.get(key)
    return property === undefined ? [] : [[key, keepDeclared(property.node, member)]]
  })
  return Object.fromEntries(entries)
}
