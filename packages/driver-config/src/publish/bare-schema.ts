import { markerKey, schemaKey } from '../check/marker.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'

/**
 * A published schema as it was declared: without the marker, and without the keywords that stand for rules. Those that are left out
 * are written again from the rules and compared, so that nothing of a schema is ignored.
 */
export function bareSchema(published: JsonObject, title: string): JsonObject {
  const { $schema: _, 'x-rules': __, ...written } = published
  const schema = written['title'] === title ? omit(written, 'title') : written
  const { anyOf } = schema
  if (!Array.isArray(anyOf)) return bareNode(withoutMarker(schema))
  const branches = anyOf.map((branch) => (isJsonObject(branch) ? withoutMarker(branch) : branch))
  return bareNode({ ...omit(schema, 'type'), anyOf: branches })
}

function withoutMarker(schema: JsonObject): JsonObject {
  const { properties, required, ...rest } = schema
  const names = Array.isArray(required) ? required.filter((name) => name !== markerKey) : required
  return {
    ...rest,
    ...(isJsonObject(properties)
      ? { properties: omit(omit(properties, markerKey), schemaKey) }
      : without('properties', properties)),
    ...(Array.isArray(names) && names.length === 0 ? {} : without('required', names)),
  }
}

/** What rules are written as, in an object. */
const ruleKeywords = ['dependentRequired', 'not', 'allOf']

// The schema is guarded: it nests no deeper than a bundle may.
function bareNode(schema: JsonObject): JsonObject {
  const { type, properties } = schema
  const ownKeywords = type === 'object' && isJsonObject(properties) ? ruleKeywords.reduce(omit, schema) : schema
  const bare = Object.entries(ownKeywords).map(([keyword, value]): [string, JsonValue] => [
    keyword,
    bareMember(keyword, value),
  ])
  return withoutAbsentNull(Object.fromEntries(bare))
}

function bareMember(keyword: string, value: JsonValue): JsonValue {
  const inside = (schema: JsonValue): JsonValue => (isJsonObject(schema) ? bareNode(schema) : schema)
  switch (keyword) {
    case 'properties':
      return isJsonObject(value)
        ? Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, inside(schema)]))
        : value
    case 'anyOf':
    case 'prefixItems':
      return Array.isArray(value) ? value.map(inside) : value
    case 'items':
    case 'additionalProperties':
      return inside(value)
    default:
      return value
  }
}

/** A null that means absent is no value of the schema: it is published beside the schema's own values. */
function withoutAbsentNull(schema: JsonObject): JsonObject {
  const { anyOf, ...rest } = schema
  if (schema['x-null-means-absent'] !== true || !Array.isArray(anyOf)) return schema
  const own = anyOf.filter((branch) => !isJsonObject(branch) || branch['type'] !== 'null')
  const [only] = own
  return own.length === 1 && isJsonObject(only) ? { ...only, ...rest } : { ...rest, anyOf: own }
}

function omit(object: JsonObject, name: string): JsonObject {
  const { [name]: _, ...rest } = object
  return rest
}

function without(name: string, value: JsonValue | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value }
}
