import type { JsonObject, JsonValue } from '@openshell-ts/driver-config/envelope'
import { schemaAccepts } from './schema-validator.js'

const deepest = 24

// One of each common form, because a pattern says what it accepts and not how to make it.
const texts = [
  ...[
    'a',
    'aa',
    'A',
    '0',
    '1',
    '10',
    '100',
    '022',
    '777',
    'a-b',
    'a_b',
    'a.b',
    'a.b.c',
    'a/b',
    'a:b',
    'a=b',
    'a@b.c',
    'a,b',
    'a b',
  ],
  ...[
    '/a',
    '/a/b',
    './a',
    '~/a',
    'a.txt',
    'C:\\a',
    '1Gi',
    '1Mi',
    '10Gi',
    '1G',
    '1M',
    '1KB',
    '1MB',
    '1GB',
    '100m',
    '0.5',
    '50%',
  ],
  ...['1s', '1m', '1h', '1d', '500ms', 'PT1S', '1.0.0', 'v1', 'v1.0.0', 'en', 'en-US', '#000000', 'A_B', 'KEY=value'],
  ...['https://example.com', 'http://example.com', 'https://example.com/a', 'unix:///a', 'example.com', 'localhost'],
  ...['127.0.0.1', '10.0.0.0/8', '::1', '127.0.0.1:80', '80:80', '1000:1000', '00:00:00:00:00:00'],
  ...['2024-01-01', '2024-01-01T00:00:00Z', '00:00', '00000000-0000-4000-8000-000000000000'],
  ...['example.com/a:1', `sha256:${'0'.repeat(64)}`, '0'.repeat(32), '0'.repeat(40), '0'.repeat(64), 'AAAA', 'YQ=='],
]

/** A small value that the schema accepts; `undefined` when none could be made. */
export function sampleValue(schema: JsonObject, depth = 0): JsonValue | undefined {
  if (depth > deepest) return undefined
  for (const candidate of candidates(schema, depth)) if (schemaAccepts(schema, candidate)) return candidate
  return undefined
}

/** Schemas of a list's or a union's members; entries that are no objects are left out. */
export function schemaList(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isSchema) : []
}

/** Whether a JSON value can be a schema with keywords. */
export function isSchema(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function* candidates(schema: JsonObject, depth: number): Generator<JsonValue> {
  if (schema['const'] !== undefined) yield schema['const']
  if (Array.isArray(schema['enum'])) yield* schema['enum']
  for (const branch of [...schemaList(schema['anyOf']), ...schemaList(schema['oneOf'])]) {
    const value = sampleValue(branch, depth + 1)
    if (value !== undefined) yield value
  }
  const { type } = schema
  for (const kind of Array.isArray(type) ? type : [type]) yield* ofKind(kind, schema, depth)
  if (Array.isArray(schema['examples'])) yield* schema['examples']
  if (schema['default'] !== undefined) yield schema['default']
}

function* ofKind(kind: JsonValue | undefined, schema: JsonObject, depth: number): Generator<JsonValue> {
  switch (kind) {
    case 'boolean':
      yield true
      break
    case 'null':
      yield null
      break
    case 'integer':
    case 'number':
      yield* numbers(schema)
      break
    case 'string':
      yield* strings(schema)
      break
    case 'array':
      yield* list(schema, depth)
      break
    case 'object':
      yield* objects(schema, depth)
      break
    default:
      yield* ['a', 1, true, {}]
  }
}

function* numbers(schema: JsonObject): Generator<number> {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf } = schema
  const step = typeof multipleOf === 'number' ? multipleOf : 1
  for (const bound of [minimum, exclusiveMinimum]) {
    if (typeof bound === 'number' && Math.abs(bound) < 1e15) {
      yield* [bound, bound + 1, Math.ceil(bound / step) * step, (Math.floor(bound / step) + 1) * step]
    }
  }
  yield* [1, 0, step, 0.5]
  for (const bound of [maximum, exclusiveMaximum]) {
    if (typeof bound === 'number') yield* [bound, bound - 1, Math.floor(bound / step) * step]
  }
}

function* strings({ minLength, format }: JsonObject): Generator<string> {
  yield* texts
  if (format !== undefined) yield ''
  if (typeof minLength === 'number' && minLength < 100_000) yield 'a'.repeat(minLength)
  yield ''
}

function* list({ prefixItems, items, minItems }: JsonObject, depth: number): Generator<JsonValue> {
  const fixed = schemaList(prefixItems).map((item) => sampleValue(item, depth + 1))
  const length = Math.min(typeof minItems === 'number' ? minItems : 0, 100)
  const rest = isSchema(items)
    ? Array.from({ length: Math.max(0, length - fixed.length) }, () => sampleValue(items, depth + 1))
    : []
  const values = [...fixed, ...rest]
  if (values.every((value) => value !== undefined)) yield values
}

function* objects(schema: JsonObject, depth: number): Generator<JsonObject> {
  const { properties, required, additionalProperties, propertyNames, minProperties } = schema
  const known = isSchema(properties) ? properties : {}
  const names = Array.isArray(required) ? required.filter((name) => typeof name === 'string') : []
  const members = names.map((name): [string, JsonValue | undefined] => {
    const member = known[name]
    return [name, isSchema(member) ? sampleValue(member, depth + 1) : undefined]
  })
  if (members.some(([, value]) => value === undefined)) return
  const object = Object.fromEntries(members) as Record<string, JsonValue>
  yield object
  if (!isSchema(additionalProperties) || typeof minProperties !== 'number') return
  const value = sampleValue(additionalProperties, depth + 1)
  const keys = sampleKeys(propertyNames).slice(0, minProperties)
  if (value !== undefined) yield { ...object, ...Object.fromEntries(keys.map((key) => [key, value])) }
}

/** Keys that a map takes. */
export function sampleKeys(propertyNames: JsonValue | undefined): string[] {
  return isSchema(propertyNames) ? texts.filter((text) => schemaAccepts(propertyNames, text)) : texts
}
