import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import { buildBlock, makeValue } from './build-block.js'
import {
  type ConformanceDocument,
  type ConformanceVector,
  conformanceFormat,
  type VectorExpectation,
} from './conformance-vector.js'

/** A block to show to a driver, and what the driver must say. */
export interface ConformanceBlock {
  readonly id: string
  /** `undefined` when there is no block. */
  readonly block: JsonValue | undefined
  /** A text in the block that no reply may repeat. */
  readonly hidden?: string
  readonly expect: VectorExpectation
}

/**
 * The blocks of a `conformance.json`, as text or as the JSON in it.
 *
 * @throws TypeError that says what to do, when it is none, is of a later format, or contradicts itself.
 */
export function readConformance(document: unknown): readonly ConformanceBlock[] {
  const { bases, vectors } = requireDocument(readJson(document))
  return vectors.map((vector) => toBlock(vector, bases))
}

function readJson(document: unknown): JsonValue {
  if (typeof document !== 'string') return document as JsonValue
  try {
    return JSON.parse(document) as JsonValue
  } catch (cause) {
    throw new TypeError('The conformance document is no JSON; pass the conformance.json that the driver publishes.', {
      cause,
    })
  }
}

function requireDocument(json: JsonValue): ConformanceDocument {
  const format = isJsonObject(json) ? json['conformance_format'] : undefined
  if (!isJsonObject(json) || format === undefined || !Array.isArray(json['vectors']) || !isJsonObject(json['bases'])) {
    throw new TypeError('This is no conformance document; pass the conformance.json that the driver publishes.')
  }
  if (format !== conformanceFormat) {
    throw new TypeError(`This conformance document has another format than ${conformanceFormat}; update this package.`)
  }
  // What the vectors hold is looked at where they are built.
  return json as unknown as ConformanceDocument
}

function toBlock(vector: ConformanceVector, bases: Readonly<Record<string, JsonObject>>): ConformanceBlock {
  const { id, make, expect } = vector
  if (typeof id !== 'string' || typeof expect?.ok !== 'boolean') {
    throw new TypeError(
      'A vector of the conformance document has no id or expects nothing; take it from its publisher again.',
    )
  }
  try {
    const block = buildBlock(vector, bases)
    const made = make !== undefined && !expect.ok && expect.hides_made === true ? makeValue(make) : undefined
    return { id, block, expect, ...(typeof made === 'string' ? { hidden: made } : {}) }
  } catch (cause) {
    const problem = cause instanceof RangeError ? cause.message : 'it is not complete'
    throw new TypeError(`The block of the vector "${id}" cannot be built: ${problem}.`, { cause })
  }
}
