import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import { kindOf, type ObjectNode, type SchemaNode } from '../schema/schema-node.js'

/**
 * A copy of a valid value in which missing members have their defaults.
 *
 * Declared fields come in the order of declaration, free keys in the order of the document, so that handlers see values of one
 * shape. A missing parent is created only when it has a default of its own.
 */
export function applyDefaults(node: SchemaNode, value: JsonValue): JsonValue {
  switch (node.kind) {
    case 'object':
      return isJsonObject(value) ? fillObject(node, value) : value
    case 'variant': {
      const tag = isJsonObject(value) ? value[node.tag] : undefined
      const branch = typeof tag === 'string' ? node.branches.get(tag) : undefined
      return branch !== undefined && isJsonObject(value) ? fillObject(branch, value) : value
    }
    case 'kinds': {
      const branch = node.branches.get(kindOf(value))
      return branch === undefined ? value : applyDefaults(branch, value)
    }
    case 'map': {
      if (!isJsonObject(value)) return value
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, applyDefaults(node.value, member)]))
    }
    case 'list':
      return Array.isArray(value) ? value.map((item) => applyDefaults(node.items, item)) : value
    case 'tuple':
      return Array.isArray(value) ? fillTuple(node.items, value) : value
    default:
      return value
  }
}

/** The default of a node with the defaults of what is in it; `undefined` when it has none. */
export function completeDefault(node: SchemaNode): JsonValue | undefined {
  return node.default === undefined ? undefined : applyDefaults(node, node.default)
}

function fillTuple(items: readonly SchemaNode[], value: readonly JsonValue[]): JsonValue {
  return value.map((item, index) => {
    const node = items[index]
    return node === undefined ? item : applyDefaults(node, item)
  })
}

function fillObject(node: ObjectNode, value: JsonObject): JsonObject {
  const filled: Record<string, JsonValue> = {}
  for (const { name, node: member } of node.properties.values()) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined
    if (given !== undefined) filled[name] = applyDefaults(member, given)
    else {
      const fallback = completeDefault(member)
      if (fallback !== undefined) filled[name] = fallback
    }
  }
  return filled
}
