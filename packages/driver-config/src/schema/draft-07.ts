import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'

const draft07 = 'http://json-schema.org/draft-07/schema#'

/**
 * A published schema in draft-07, which most editors know: `definitions`, lists of fixed length by `items`, and `dependencies`. It
 * accepts the same documents. What only programs read, the data of a bundle, is left out.
 */
export function toDraft07(schema: JsonObject): JsonObject {
  return { $schema: draft07, ...convert(schema) }
}

/** Only keywords are converted: below `properties` the keys are names, and values of `default` or `enum` are data. */
function convert(schema: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(schema).flatMap(([keyword, value]) => convertKeyword(keyword, value, schema)),
  )
}

function convertKeyword(keyword: string, value: JsonValue, schema: JsonObject): [string, JsonValue][] {
  switch (keyword) {
    case '$schema':
    case 'x-bundle':
      return []
    case '$defs':
      return [['definitions', convertNamed(value)]]
    case '$ref':
      return [[keyword, typeof value === 'string' ? value.replace(/^#\/\$defs\//, '#/definitions/') : value]]
    case 'prefixItems':
      return [['items', convertList(value)]]
    case 'items':
      return 'prefixItems' in schema ? [['additionalItems', convertInside(value)]] : [[keyword, convertInside(value)]]
    case 'dependentRequired':
      return [['dependencies', value]]
    case 'properties':
      return [[keyword, convertNamed(value)]]
    case 'anyOf':
    case 'allOf':
    case 'oneOf':
      return [[keyword, convertList(value)]]
    case 'additionalProperties':
    case 'propertyNames':
    case 'not':
    case 'if':
    case 'then':
      return [[keyword, convertInside(value)]]
    default:
      return [[keyword, value]]
  }
}

function convertInside(value: JsonValue): JsonValue {
  return isJsonObject(value) ? convert(value) : value
}

function convertList(value: JsonValue): JsonValue {
  return Array.isArray(value) ? value.map(convertInside) : value
}

function convertNamed(value: JsonValue): JsonValue {
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, convertInside(schema)]))
}
