import { markerKey } from '../check/marker.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import type { ConfigOwner } from '../issue/owner-title.js'
import { deepFreeze } from '../schema/deep-freeze.js'
import type { VersionDeclaration } from './config-chain.js'
import type { PublishedExamples } from './driver-config.js'
import { declaredExamples } from './prove-examples.js'

/** The declared examples as people write them: copies, with the marker. What JSON cannot write is left out. */
export function publishedExamples(declared: VersionDeclaration, config: ConfigOwner): PublishedExamples {
  const { number } = declared
  const { minimal, full, invalid } = declaredExamples(declared, config)
  return deepFreeze({
    minimal: stampExample(minimal, number) as JsonObject,
    full: stampExample(full, number) as JsonObject,
    invalid: invalid
      .filter(({ code }) => code !== 'VALUE_NOT_JSON')
      .map(({ value, code, path }) => ({ value: stampExample(value, number), code, path })),
  })
}

function stampExample(example: unknown, version: number): JsonValue {
  const value = JSON.parse(JSON.stringify(example)) as JsonValue
  return isJsonObject(value) ? { [markerKey]: version, ...value } : value
}
