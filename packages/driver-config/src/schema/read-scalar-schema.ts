import { formatOf, formats, isFormatName } from './formats.js'
import { checkPattern, maximumPatternLength, requireFastPattern } from './pattern-subset.js'
import { readAnnotations, readCount, readNumber, requireRoom, type SchemaSource } from './schema-keywords.js'
import { type EnumNode, kindOf, type NumberNode, type OpaqueNode, type StringNode } from './schema-node.js'
import { SchemaProblem } from './schema-problem.js'

/** No text of a block is longer. */
const maximumTextLength = 16_384

/** Reads a text with its bounds, pattern and format. */
export function readStringSchema(written: SchemaSource, pointer: string): StringNode {
  const source = withoutFormatPatterns(written)
  const annotations = readAnnotations(source, ['minLength', 'maxLength', 'pattern', 'format'], pointer)
  const minLength = readCount(source, 'minLength', pointer) ?? 0
  const maxLength = readCount(source, 'maxLength', pointer)
  requireRoom(minLength, maxLength, `${pointer}/maxLength`)
  const pattern = readPattern(source, pointer)
  const format = readFormat(source, pointer)
  return {
    kind: 'string',
    annotations,
    minLength,
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(format === undefined ? {} : { format }),
  }
}

/**
 * A published schema spells a format out as patterns, for readers that do not know it. Reading it back leaves out exactly what
 * the format says anyway.
 */
function withoutFormatPatterns(source: SchemaSource): SchemaSource {
  const { format: name, pattern, allOf, not, ...rest } = source
  if (typeof name !== 'string' || !isFormatName(name)) return source
  const format = formatOf(name)
  const [first, second] = Array.isArray(allOf) && allOf.length === 2 ? allOf.map(lonePattern) : []
  const own = second === format.pattern ? first : undefined
  return {
    ...rest,
    format: name,
    ...(pattern === undefined || pattern === format.pattern ? {} : { pattern }),
    ...(own === undefined ? (allOf === undefined ? {} : { allOf }) : { pattern: own }),
    ...(not === undefined || lonePattern(not) === format.refused ? {} : { not }),
  }
}

/** The pattern of a schema that says nothing else. */
function lonePattern(schema: unknown): string | undefined {
  if (typeof schema !== 'object' || schema === null || Object.keys(schema).length !== 1) return undefined
  const pattern: unknown = Reflect.get(schema, 'pattern')
  return typeof pattern === 'string' ? pattern : undefined
}

const numberBounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'] as const

/** Reads a number with its bounds. */
export function readNumberSchema(source: SchemaSource, pointer: string): NumberNode {
  const annotations = readAnnotations(source, numberBounds, pointer)
  const integer = source['type'] === 'integer'
  const bounds: Partial<Record<(typeof numberBounds)[number], number>> = {}
  for (const keyword of numberBounds) {
    const value = readNumber(source, keyword, pointer)
    if (value !== undefined && !(integer && isEdge(keyword, value))) bounds[keyword] = value
  }
  if (
    bounds.multipleOf !== undefined &&
    !(integer && Number.isSafeInteger(bounds.multipleOf) && bounds.multipleOf > 0)
  ) {
    const place = `${pointer}/multipleOf`
    throw new SchemaProblem(place, 'multipleOf is for whole numbers.', 'Use it with integers, and a whole step from 1.')
  }
  requireRoom(bounds.minimum, bounds.maximum, `${pointer}/maximum`)
  return { kind: 'number', annotations, integer, ...bounds }
}

/** A published schema spells out the bounds that every whole number has anyway. */
function isEdge(keyword: string, value: number): boolean {
  return (
    (keyword === 'minimum' && value === Number.MIN_SAFE_INTEGER) ||
    (keyword === 'maximum' && value === Number.MAX_SAFE_INTEGER)
  )
}

/** Reads `enum` and `const`. */
export function readEnumSchema(source: SchemaSource, pointer: string): EnumNode {
  const annotations = readAnnotations(source, ['enum', 'const'], pointer)
  const values = source['enum'] ?? [source['const']]
  if (
    !Array.isArray(values) ||
    values.length === 0 ||
    !values.every(isScalar) ||
    new Set(values).size < values.length
  ) {
    const advice = 'List each text, number or boolean once; for null use a union with null.'
    throw new SchemaProblem(pointer, 'these values cannot be told apart.', advice)
  }
  const { type } = source
  const kind = type === 'integer' ? 'number' : type
  if (kind !== undefined && !values.every((value) => kindOf(value) === kind)) {
    const place = source['enum'] === undefined ? 'const' : 'enum'
    throw new SchemaProblem(`${pointer}/${place}`, 'not every value has the type.', 'Correct the values or the type.')
  }
  return { kind: 'enum', annotations, values: [...values] }
}

/** Reads what `opaque` and `extensions` declare. */
export function readOpaqueSchema(source: SchemaSource, pointer: string): OpaqueNode {
  const annotations = readAnnotations(source, [], pointer)
  const reason = source['x-opaque'] ?? source['x-bag']
  if (typeof reason !== 'string' || reason === '') {
    throw new SchemaProblem(pointer, 'unchecked JSON needs a reason.', 'Write opaque("what it is and who checks it").')
  }
  return { kind: 'opaque', annotations, reason, bag: source['x-bag'] !== undefined }
}

function isScalar(value: unknown): value is string | number | boolean {
  return (
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
  )
}

function readPattern(source: SchemaSource, pointer: string): string | undefined {
  const given = source['pattern']
  if (given === undefined) return undefined
  const place = `${pointer}/pattern`
  const pattern = given instanceof RegExp && /^u?$/.test(given.flags) ? given.source : given
  if (typeof pattern !== 'string') throw new SchemaProblem(place, 'a pattern is a text.', 'Write it without flags.')
  const { bounded } = checkPattern(pattern, place)
  const maxLength = readCount(source, 'maxLength', pointer)
  if (!bounded && (maxLength === undefined || maxLength > maximumPatternLength)) {
    const problem = 'a pattern that repeats without a bound needs a bound on the text.'
    throw new SchemaProblem(place, problem, `Add maxLength, at most ${maximumPatternLength}.`)
  }
  requireFastPattern(pattern, maxLength ?? maximumTextLength, place)
  return pattern
}

function readFormat(source: SchemaSource, pointer: string): string | undefined {
  const format = source['format']
  if (format === undefined) return undefined
  if (typeof format === 'string' && isFormatName(format)) return format
  const known = Object.keys(formats).join(', ')
  throw new SchemaProblem(`${pointer}/format`, 'this format is not known.', `Use one of ${known}, or a pattern.`)
}
