import type { JsonObject, JsonValue } from '@openshell-ts/driver-config/envelope'
import { isSchema, schemaList } from './sample-value.js'

/** A block that is refused, and how. */
export interface InvalidPublishedExample {
  readonly value: JsonObject
  /** The code of the issue; absent when the driver does not publish it. */
  readonly code?: string
  /** The place of the issue, from the root of the document, such as `driver_config.mode`. */
  readonly path?: string
}

/** The examples of one version. */
export interface PublishedExamples {
  readonly valid: readonly JsonObject[]
  readonly invalid: readonly InvalidPublishedExample[]
}

/**
 * Reads the examples beside a schema, `{ minimal, full, invalid: [{ value, code, path }] }` or a list of good blocks, and
 * those inside it. What has another form is left out: examples are no part of what a driver has to publish.
 */
export function readExamples(examples: JsonValue | undefined, schema: JsonObject): PublishedExamples {
  const inside = schemaList(schema['examples'])
  if (Array.isArray(examples)) return { valid: unique([...schemaList(examples), ...inside]), invalid: [] }
  const { minimal, full, valid, invalid } = isSchema(examples) ? examples : {}
  const beside = [minimal, full].filter(isSchema)
  return {
    valid: unique([...beside, ...schemaList(valid), ...inside]),
    invalid: schemaList(invalid).flatMap(readInvalid),
  }
}

function readInvalid({ value, code, path }: JsonObject): InvalidPublishedExample[] {
  if (!isSchema(value)) return []
  return [{ value, ...(typeof code === 'string' ? { code } : {}), ...(typeof path === 'string' ? { path } : {}) }]
}

function unique(blocks: readonly JsonObject[]): JsonObject[] {
  return [...new Map(blocks.map((block) => [JSON.stringify(block), block])).values()]
}
