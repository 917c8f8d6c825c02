import type { JsonObject } from '../envelope/json-value.js'
import { toJsonSchema } from '../schema/json-schema.js'
import { nullKeyword } from '../schema/null-means-absent.js'
import type { ObjectNode, SchemaNode } from '../schema/schema-node.js'

/** The JSON Schema of what handlers get: members with a default are there, and a null that means absent is not. */
export function resolvedSchema(node: SchemaNode): JsonObject {
  return toJsonSchema(resolve(node))
}

function resolve(node: SchemaNode): SchemaNode {
  const { [nullKeyword]: _, ...annotations } = node.annotations
  switch (node.kind) {
    case 'object':
      return resolveObject(node)
    case 'map':
      return { ...node, annotations, value: resolve(node.value) }
    case 'list':
      return { ...node, annotations, items: resolve(node.items) }
    case 'tuple':
      return { ...node, annotations, items: node.items.map(resolve) }
    case 'variant': {
      // Values of the tag that share a branch go on sharing it.
      const resolved = new Map([...new Set(node.branches.values())].map((branch) => [branch, resolveObject(branch)]))
      const branches = [...node.branches].map(([tag, branch]) => [tag, resolved.get(branch) ?? branch] as const)
      return { ...node, annotations, branches: new Map(branches) }
    }
    case 'kinds':
      return {
        ...node,
        annotations,
        branches: new Map([...node.branches].map(([kind, branch]) => [kind, resolve(branch)])),
      }
    default:
      return { ...node, annotations }
  }
}

function resolveObject(node: ObjectNode): ObjectNode {
  const { [nullKeyword]: _, ...annotations } = node.annotations
  const properties = [...node.properties].map(([name, property]) => {
    const required = property.required || property.node.default !== undefined
    return [name, { ...property, required, node: resolve(property.node) }] as const
  })
  return { ...node, annotations, properties: new Map(properties) }
}
