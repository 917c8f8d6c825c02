import type { JsonObject, JsonValue } from '@openshell-ts/driver-config/envelope'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { ConformanceError } from './conformance-error.js'

type Accepts = (value: JsonValue) => boolean

// Formats of the driver's own are no part of JSON Schema; publishers write them as patterns beside.
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false })
const compiled = new WeakMap<object, Accepts>()

/**
 * Whether a published schema accepts a value.
 *
 * @throws ConformanceError `index-invalid` when the schema is no JSON Schema 2020-12.
 */
export function schemaAccepts(schema: JsonObject, value: JsonValue): boolean {
  let accepts = compiled.get(schema)
  if (accepts === undefined) {
    accepts = compile(schema)
    compiled.set(schema, accepts)
  }
  return accepts(value)
}

function compile(schema: JsonObject): Accepts {
  try {
    const { $id: _, ...anonymous } = schema
    return ajv.compile(anonymous) as Accepts
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ConformanceError('index-invalid', `A published schema is no JSON Schema 2020-12: ${reason}.`, cause)
  }
}
