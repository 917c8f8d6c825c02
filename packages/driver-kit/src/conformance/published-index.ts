import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import { ConformanceError } from './conformance-error.js'
import { type PublishedExamples, readExamples } from './published-examples.js'

/** One published version of a config. */
export interface PublishedVersion {
  readonly version: number
  /** JSON Schema 2020-12. */
  readonly schema: JsonObject
  /** What the driver publishes beside the schema; empty when it publishes none. */
  readonly examples: PublishedExamples
}

/** What `config schema` prints. */
export interface PublishedIndex {
  readonly versions: { readonly min: number; readonly max: number; readonly baseline: number }
  /** Oldest version first. */
  readonly schemas: readonly PublishedVersion[]
}

/**
 * Reads published schemas.
 *
 * @throws ConformanceError `index-invalid` that says what is missing.
 */
export function readPublishedIndex(value: unknown): PublishedIndex {
  const { versions, schemas, index_format: ofFiles } = objectAt(value, 'the index')
  if (ofFiles !== undefined) throw invalid('this index names published files and does not hold them')
  if (!Array.isArray(schemas) || schemas.length === 0) throw invalid('schemas must be a list with at least one version')
  const read = schemas.map((entry: unknown, index) => {
    const { version, schema, examples } = objectAt(entry, `schemas[${index}]`)
    const document = objectAt(schema, `schemas[${index}].schema`)
    return {
      version: numberAt(version, `schemas[${index}].version`),
      schema: document,
      examples: readExamples(examples, document),
    }
  })
  const { min, max, baseline } = objectAt(versions, 'versions')
  const range = {
    min: numberAt(min, 'versions.min'),
    max: numberAt(max, 'versions.max'),
    baseline: numberAt(baseline, 'versions.baseline'),
  }
  return { versions: range, schemas: read.sort((one, other) => one.version - other.version) }
}

function objectAt(value: unknown, place: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  throw invalid(`${place} must be an object`)
}

function numberAt(value: unknown, place: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw invalid(`${place} must be a whole number`)
}

function invalid(problem: string): ConformanceError {
  return new ConformanceError(
    'index-invalid',
    `The published schemas cannot be read: ${problem}. Pass what the driver's "config schema" prints without --out.`,
  )
}
