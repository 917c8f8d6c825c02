import type { ConfigLineage, ConfigVersion } from '../check/lineage.js'
import { markerKey } from '../check/marker.js'
import type { DriverConfig } from '../define/driver-config.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import { canonicalJson } from '../schema/canonical-json.js'

/** What is searched: a config, and what it was built from. What a config gives is plain JSON, whatever type it has. */
export interface Subject {
  readonly config: DriverConfig<JsonObject>
  readonly lineage: ConfigLineage
}

/** Judges one document of one version: a sentence when the promise is broken. */
export type Judge<Document extends JsonValue = JsonValue> = (
  document: Document,
  version: ConfigVersion,
) => string | undefined

/** A document with the marker of its version; one that has a marker already, or is no object, stays as it is. */
export function stampDocument(document: JsonValue, version: number): JsonValue {
  if (!isJsonObject(document) || Object.hasOwn(document, markerKey)) return document
  return { [markerKey]: version, ...document }
}

/** A sentence when two values differ. Documents of a search are generated, so that their values may be shown. */
export function findDifference(expected: JsonValue, found: JsonValue): string | undefined {
  const [left, right] = [canonicalJson(expected), canonicalJson(found)]
  return left === right ? undefined : `expected ${left}, got ${right}`
}
