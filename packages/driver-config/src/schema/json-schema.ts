import type { JsonObject, JsonValue } from '../envelope/json-value.js'
import { formatOf, isFormatName } from './formats.js'
import { readsNullAsAbsent } from './null-means-absent.js'
import type { EnumNode, KindUnionNode, MapNode, NumberNode, ObjectNode, SchemaNode, StringNode } from './schema-node.js'

type Draft = Record<string, JsonValue>

/** Writes a node as JSON Schema 2020-12 in one canonical form: equal shapes give equal JSON, whatever library wrote them. */
export function toJsonSchema(node: SchemaNode): JsonObject {
  const text: Draft = node.default === undefined ? {} : { default: node.default }
  const shape = readsNullAsAbsent(node) ? withNull(writeShape(node)) : writeShape(node)
  return { ...shape, ...node.annotations, ...text }
}

function withNull(shape: JsonObject): JsonObject {
  const { anyOf } = shape
  return { anyOf: [...(Array.isArray(anyOf) ? anyOf : [shape]), { type: 'null' }] }
}

function writeShape(node: SchemaNode): JsonObject {
  switch (node.kind) {
    case 'object':
      return writeObject(node)
    case 'map':
      return writeMap(node)
    case 'list':
      return withoutUndefined({
        type: 'array',
        items: toJsonSchema(node.items),
        minItems: node.minItems === 0 ? undefined : node.minItems,
        maxItems: node.maxItems,
        uniqueItems: node.uniqueItems ? true : undefined,
      })
    case 'tuple': {
      const { length } = node.items
      return {
        type: 'array',
        prefixItems: node.items.map(toJsonSchema),
        items: false,
        minItems: length,
        maxItems: length,
      }
    }
    case 'string':
      return writeString(node)
    case 'number':
      return writeNumber(node)
    case 'enum':
      return writeEnum(node)
    case 'variant':
      return {
        anyOf: [...new Set(node.branches.values())]
          .map((branch) => withFirst(toJsonSchema(branch), node.tag))
          .sort(byTag(node.tag)),
      }
    case 'kinds':
      return writeKinds(node)
    case 'opaque':
      return node.bag ? { type: 'object' } : {}
    default:
      return { type: node.kind }
  }
}

function writeObject(node: ObjectNode): JsonObject {
  const properties = [...node.properties.values()]
  const required = properties.filter((property) => property.required).map((property) => property.name)
  return withoutUndefined({
    type: 'object',
    properties: Object.fromEntries(properties.map((property) => [property.name, toJsonSchema(property.node)])),
    required: required.length === 0 ? undefined : required.sort(),
    additionalProperties: false,
  })
}

function writeMap(node: MapNode): JsonObject {
  return withoutUndefined({
    type: 'object',
    propertyNames: { pattern: node.keyPattern ?? '^\\P{Cc}*$' },
    additionalProperties: toJsonSchema(node.value),
    minProperties: node.minProperties === 0 ? undefined : node.minProperties,
    maxProperties: node.maxProperties,
  })
}

function writeString(node: StringNode): JsonObject {
  const format = node.format !== undefined && isFormatName(node.format) ? formatOf(node.format) : undefined
  const patterns = [node.pattern, format?.pattern].filter((pattern) => pattern !== undefined)
  const [pattern] = patterns
  return withoutUndefined({
    type: 'string',
    minLength: node.minLength === 0 ? undefined : node.minLength,
    maxLength: node.maxLength,
    format: node.format,
    pattern: patterns.length === 1 ? pattern : undefined,
    allOf: patterns.length > 1 ? patterns.map((each) => ({ pattern: each })) : undefined,
    not: format?.refused === undefined ? undefined : { pattern: format.refused },
  })
}

function writeNumber(node: NumberNode): JsonObject {
  const bounds = {
    exclusiveMinimum: node.exclusiveMinimum,
    exclusiveMaximum: node.exclusiveMaximum,
    multipleOf: node.multipleOf,
  }
  if (!node.integer) {
    return withoutUndefined({ type: 'number', minimum: node.minimum, maximum: node.maximum, ...bounds })
  }
  const minimum = Math.max(node.minimum ?? Number.MIN_SAFE_INTEGER, Number.MIN_SAFE_INTEGER)
  const maximum = Math.min(node.maximum ?? Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  return withoutUndefined({ type: 'integer', minimum, maximum, ...bounds })
}

function writeEnum(node: EnumNode): JsonObject {
  const values = [...node.values].sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)))
  return { enum: values }
}

function writeKinds(node: KindUnionNode): JsonObject {
  const kinds = [...node.branches].sort(([a], [b]) => compareText(a, b))
  const branches = kinds.flatMap(([, branch]) => {
    const schema = toJsonSchema(branch)
    return branch.kind === 'variant' ? (schema['anyOf'] as JsonValue[]) : [schema]
  })
  return { anyOf: branches }
}

/** The member that selects comes first, where whoever reads the schema looks for it. */
function withFirst(schema: JsonObject, tag: string): JsonObject {
  const { [tag]: first = {}, ...others } = schema['properties'] as JsonObject
  return { ...schema, properties: { [tag]: first, ...others } }
}

function byTag(tag: string): (a: JsonObject, b: JsonObject) => number {
  const key = (schema: JsonObject): string => JSON.stringify((schema['properties'] as JsonObject)[tag])
  return (a, b) => compareText(key(a), key(b))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function withoutUndefined(draft: { readonly [keyword: string]: JsonValue | undefined }): JsonObject {
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined)) as JsonObject
}
