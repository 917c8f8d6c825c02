import { applyDefaults } from '../check/defaults.js'
import { dropAbsentNulls } from '../check/drop-absent-nulls.js'
import type { ConfigLineage } from '../check/lineage.js'
import { markerKey, schemaKey } from '../check/marker.js'
import { migrateValue } from '../check/migrate.js'
import type { PublishedSchema } from '../define/driver-config.js'
import type { JsonObject, JsonValue } from '../envelope/json-value.js'
import { canonicalJson } from '../schema/canonical-json.js'
import { type BundleDocument, bundleKeyword } from './bundle-data.js'

/** Grows with every change of what the document means. */
const lineageFormat = 1

/**
 * The steps between the versions for programs in other languages. Vectors show a complete value of the older version and what the
 * step makes of it; whoever runs the operations gets the same, and code is at least shown by them.
 */
export function writeLineage(
  bundle: BundleDocument,
  lineage: ConfigLineage,
  schemas: readonly PublishedSchema[],
): JsonObject {
  const { driver, hops } = bundle[bundleKeyword]
  const document = {
    lineage_format: lineageFormat,
    driver,
    hops: hops.map((hop) => ({ ...hop, vectors: writeVectors(hop, lineage, schemas) })),
  }
  return JSON.parse(JSON.stringify(document)) as JsonObject
}

function writeVectors(
  { from, to }: { readonly from: number; readonly to: number },
  lineage: ConfigLineage,
  schemas: readonly PublishedSchema[],
): JsonValue[] {
  const version = lineage.versions.get(from)
  const examples = schemas.find((schema) => schema.version === from)?.examples
  if (version === undefined || examples === undefined) return []
  const vectors = [examples.minimal, examples.full].flatMap(({ [markerKey]: _, [schemaKey]: __, ...body }) => {
    const value = applyDefaults(version.node, dropAbsentNulls(version.node, body)) as JsonObject
    const result = migrateValue(structuredClone(value), from, to, lineage, {})
    return result.ok ? [{ in: value, out: result.value }] : []
  })
  return [...new Map(vectors.map((vector) => [canonicalJson(vector), vector])).values()]
}
