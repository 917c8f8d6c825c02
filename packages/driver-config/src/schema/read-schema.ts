import type { JsonValue } from '../envelope/json-value.js'
import { deepFreeze } from './deep-freeze.js'
import { proveAbsentNull } from './null-means-absent.js'
import { readListSchema } from './read-list-schema.js'
import { readObjectSchema } from './read-object-schema.js'
import { readEnumSchema, readNumberSchema, readOpaqueSchema, readStringSchema } from './read-scalar-schema.js'
import { readUnionSchema } from './read-union-schema.js'
import {
  copyJson,
  type ReadNested,
  readAnnotations,
  requireSchemaSource,
  type SchemaSource,
} from './schema-keywords.js'
import type { SchemaNode } from './schema-node.js'
import { SchemaProblem } from './schema-problem.js'

/** Schemas nest no deeper than documents may. */
const maximumSchemaDepth = 16

/**
 * Reads a schema of either TypeBox line, or plain JSON Schema, into the normal form.
 *
 * @throws SchemaProblem for anything outside the dialect, with the place in the schema and what to write.
 */
export function readSchema(schema: unknown, pointer = '', depth = 1, isOptionalMember = false): SchemaNode {
  if (depth > maximumSchemaDepth) {
    throw new SchemaProblem(pointer, `schemas nest at most ${maximumSchemaDepth} levels.`, 'Flatten the shape.')
  }
  const source = requireSchemaSource(schema, pointer)
  const nested: ReadNested = (child, childPointer, isOptional) => readSchema(child, childPointer, depth + 1, isOptional)
  const node = readByKeyword(source, pointer, nested)
  proveAbsentNull(node, isOptionalMember, pointer)
  return source['default'] === undefined ? node : { ...node, default: readDefault(source, pointer) }
}

function readByKeyword(source: SchemaSource, pointer: string, nested: ReadNested): SchemaNode {
  if (source['x-opaque'] !== undefined || source['x-bag'] !== undefined) return readOpaqueSchema(source, pointer)
  if (source['anyOf'] !== undefined) return readUnionSchema(source, pointer, nested)
  if (source['enum'] !== undefined || source['const'] !== undefined) return readEnumSchema(source, pointer)
  switch (source['type']) {
    case 'object':
      return readObjectSchema(source, pointer, nested)
    case 'array':
      return readListSchema(source, pointer, nested)
    case 'string':
      return readStringSchema(source, pointer)
    case 'integer':
    case 'number':
      return readNumberSchema(source, pointer)
    case 'boolean':
    case 'null':
      return { kind: source['type'], annotations: readAnnotations(source, [], pointer) }
    case undefined:
      return refuseUntyped(source, pointer)
    default: {
      const hint = Array.isArray(source['type'])
        ? 'Use anyOf with a branch for each.'
        : 'Use a type that JSON can write.'
      throw new SchemaProblem(`${pointer}/type`, 'this is not one JSON type.', hint)
    }
  }
}

function readDefault(source: SchemaSource, pointer: string): JsonValue {
  return deepFreeze(copyJson(source['default'], `${pointer}/default`))
}

function refuseUntyped(source: SchemaSource, pointer: string): never {
  readAnnotations(source, [], pointer)
  throw new SchemaProblem(
    pointer,
    'a schema without a type accepts anything.',
    'Use opaque("reason") for unchecked JSON.',
  )
}
