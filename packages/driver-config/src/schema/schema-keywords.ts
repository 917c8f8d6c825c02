import type { JsonObject, JsonValue } from '../envelope/json-value.js'
import type { SchemaNode } from './schema-node.js'
import { SchemaProblem } from './schema-problem.js'

/** A schema as its library wrote it: only its own enumerable text keys count, which is what JSON would write. */
export type SchemaSource = { readonly [keyword: string]: unknown }

/** Kinds of what an annotation holds; one of another kind would have no effect, in silence. */
const annotationKinds: Readonly<Record<string, 'string' | 'boolean' | 'object'>> = {
  title: 'string',
  description: 'string',
  examples: 'object',
  deprecated: 'boolean',
  'x-bag': 'string',
  'x-experimental': 'boolean',
  'x-not-secret': 'string',
  'x-null-means-absent': 'boolean',
  'x-opaque': 'string',
  'x-printable': 'boolean',
  'x-secret-ref': 'string',
  'x-since': 'string',
  'x-unit': 'string',
}
const adviceFor: Readonly<Record<string, string>> = {
  $ref: 'Write the schema in place; references and recursion are not part of the dialect.',
  $defs: 'Write the schemas in place; references and recursion are not part of the dialect.',
  allOf: 'Write one object with all fields; intersections are not part of the dialect.',
  oneOf: 'Use anyOf: branches must be told apart by a field with a constant text.',
  not: 'State what is allowed; negation is not part of the dialect.',
  if: 'Use a rule of the config for conditions between fields.',
  patternProperties: 'Use a record with one key pattern and no declared fields.',
}

/** Reads a nested schema; the readers of one kind get it, so that they do not import each other. */
export type ReadNested = (schema: unknown, pointer: string, isOptionalMember?: boolean) => SchemaNode

/** Refuses what is not a schema, and what has meaning that JSON Schema cannot carry. */
export function requireSchemaSource(schema: unknown, pointer: string): SchemaSource {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    throw new SchemaProblem(pointer, 'this is not a schema.', 'Write a TypeBox schema or a JSON Schema object.')
  }
  const hidden = Object.getOwnPropertyNames(schema)
  if (hidden.includes('~refine')) {
    throw new SchemaProblem(pointer, 'Refine is not JSON Schema.', 'Use a rule of the config.')
  }
  const symbols = Object.getOwnPropertySymbols(schema).map((symbol) => symbol.description)
  if (hidden.includes('~codec') || symbols.includes('TypeBox.Transform')) {
    throw new SchemaProblem(pointer, 'codecs are not JSON Schema.', 'Declare the JSON that users write.')
  }
  return schema as SchemaSource
}

/** Refuses keywords that the kind of schema does not have, and collects the annotations. */
export function readAnnotations(source: SchemaSource, known: readonly string[], pointer: string): JsonObject {
  const annotations: Record<string, JsonValue> = {}
  for (const [keyword, value] of Object.entries(source)) {
    if (value === undefined || keyword.startsWith('~')) continue
    const kind = Object.hasOwn(annotationKinds, keyword) ? annotationKinds[keyword] : undefined
    if (kind !== undefined) {
      annotations[keyword] = readAnnotation(value, kind, `${pointer}/${keyword}`)
    } else if (!known.includes(keyword) && keyword !== 'default' && keyword !== 'type') {
      const special = Object.hasOwn(adviceFor, keyword) ? adviceFor[keyword] : undefined
      const advice = special ?? `Known keywords here: ${['type', 'default', ...known].join(', ')}.`
      throw new SchemaProblem(`${pointer}/${keyword}`, `the keyword "${keyword}" is not supported here.`, advice)
    }
  }
  return annotations
}

function readAnnotation(value: unknown, kind: 'string' | 'boolean' | 'object', pointer: string): JsonValue {
  const isRight = kind === 'object' ? Array.isArray(value) : typeof value === kind
  if (isRight) return copyJson(value, pointer)
  const article = kind === 'object' ? 'a list' : `a ${kind}`
  throw new SchemaProblem(pointer, 'this annotation has the wrong type.', `Write ${article}.`)
}

/** Refuses bounds that no value keeps. */
export function requireRoom(least: number | undefined, most: number | undefined, pointer: string): void {
  if (least === undefined || most === undefined || least <= most) return
  throw new SchemaProblem(pointer, 'no value is within these bounds.', 'Raise the upper bound, or lower the other.')
}

/** A keyword that holds a finite number. */
export function readNumber(source: SchemaSource, keyword: string, pointer: string): number | undefined {
  const value = source[keyword]
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new SchemaProblem(`${pointer}/${keyword}`, `"${keyword}" must be a number.`, 'Write a finite number.')
}

/** A keyword that holds a size: a whole number from 0. */
export function readCount(source: SchemaSource, keyword: string, pointer: string): number | undefined {
  const value = readNumber(source, keyword, pointer)
  if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) return value
  throw new SchemaProblem(
    `${pointer}/${keyword}`,
    `"${keyword}" must be a whole number from 0.`,
    'Write such a number.',
  )
}

/** A copy of an author's JSON value; refuses what JSON cannot write. */
export function copyJson(value: unknown, pointer: string): JsonValue {
  const text = stringify(value)
  if (text === undefined) throw new SchemaProblem(pointer, 'this is not JSON.', 'Write a JSON value.')
  return JSON.parse(text) as JsonValue
}

function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}
