import type { ConfigLineage, ConfigVersion } from '../check/lineage.js'
import { markerKey, schemaKey } from '../check/marker.js'
import { isJsonObject, type JsonObject } from '../envelope/json-value.js'
import { toJsonSchema } from '../schema/json-schema.js'
import { writeRules } from './portable-rules.js'

/**
 * The JSON Schema 2020-12 of one version, with its marker: a document without one means the baseline, so that the marker is
 * optional there and required everywhere else. Rules between two members of one object are keywords; others are in `x-rules`.
 */
export function publishedSchema(
  lineage: Pick<ConfigLineage, 'root' | 'driverName' | 'baseline'>,
  version: Pick<ConfigVersion, 'number' | 'node' | 'rules'>,
): JsonObject {
  const schema = toJsonSchema(version.node)
  const isBaseline = version.number === lineage.baseline
  const { anyOf, ...rest } = schema
  const shape = Array.isArray(anyOf)
    ? // Every branch is an object; readers that look at the root only should know.
      {
        ...rest,
        type: 'object',
        anyOf: anyOf.filter(isJsonObject).map((branch) => addMarker(branch, version.number, isBaseline)),
      }
    : addMarker(schema, version.number, isBaseline)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: publishedTitle(lineage, version.number),
    ...writeRules(shape, version),
  }
}

/** The title of the schema of a version that has none of its own. */
export function publishedTitle(
  { root, driverName }: Pick<ConfigLineage, 'root' | 'driverName'>,
  version: number,
): string {
  return `${root} of ${driverName}, ${markerKey} ${version}`
}

function addMarker(schema: JsonObject, version: number, isBaseline: boolean): JsonObject {
  const { properties, required, ...rest } = schema
  const names = Array.isArray(required) ? required : []
  const needed = isBaseline ? names : [...names, markerKey].sort()
  return {
    ...rest,
    properties: {
      [markerKey]: { const: version },
      [schemaKey]: { type: 'string' },
      ...(isJsonObject(properties) ? properties : {}),
    },
    ...(needed.length === 0 ? {} : { required: needed }),
  }
}
