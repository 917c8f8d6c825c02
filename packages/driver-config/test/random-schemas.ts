import type { JsonObject, JsonValue } from '../src/envelope/json-value.js'
import { canonicalJson } from '../src/schema/canonical-json.js'
import { toJsonSchema } from '../src/schema/json-schema.js'
import { readSchema } from '../src/schema/read-schema.js'
import type { SchemaNode } from '../src/schema/schema-node.js'
import { SchemaProblem } from '../src/schema/schema-problem.js'
import { pick, type Random, seededRandom } from '../src/testing/seeded-random.js'

interface Draft {
  [keyword: string]: JsonValue
}

const scalars: readonly ((random: Random) => Draft)[] = [
  (random) => ({ type: 'string', ...maybe(random, 'minLength', [1, 2]), ...maybe(random, 'maxLength', [2, 3, 5]) }),
  (random) => ({ type: 'string', pattern: pick(random, ['^[a-z]{1,3}$', '^[a-c]{1,2}$', '^[0-9]{1,3}$']) }),
  (random) => ({ type: 'string', format: pick(random, ['dns1123-label', 'date', 'container-path']) }),
  (random) => ({
    type: pick(random, ['integer', 'number']),
    ...maybe(random, pick(random, ['minimum', 'exclusiveMinimum']), [-1, 0, 1, 2.5]),
    ...maybe(random, pick(random, ['maximum', 'exclusiveMaximum']), [4, 6, 7.5]),
  }),
  (random) => ({ type: 'integer', minimum: 0, multipleOf: pick(random, [1, 2, 3, 4]) }),
  () => ({ type: 'boolean' }),
  (random) => ({ enum: pick(random, [['a'], ['b'], ['a', 'b'], ['b', 'a', 'ccc'], [1, 2], ['a', 1], [true, false]]) }),
  (random) => ({ 'x-opaque': pick(random, ['JSON', 'other JSON']) }),
  () => ({ type: 'object', 'x-bag': 'vendor extensions' }),
]

function maybe(random: Random, keyword: string, values: readonly JsonValue[]): Draft {
  return random() < 0.6 ? { [keyword]: pick(random, values) } : {}
}

function anySchema(random: Random, depth: number): Draft {
  if (depth === 0 || random() < 0.4) return pick(random, scalars)(random)
  const nested = (): Draft => anySchema(random, depth - 1)
  return pick<() => Draft>(random, [
    () => anyObject(random, depth - 1),
    () => ({
      type: 'array',
      items: nested(),
      ...maybe(random, 'minItems', [1, 2]),
      ...maybe(random, 'maxItems', [2, 3]),
    }),
    () => ({ type: 'array', items: pick(random, scalars)(random), uniqueItems: random() < 0.7 }),
    () => ({ type: 'array', prefixItems: [nested(), nested()] }),
    () => ({
      type: 'object',
      additionalProperties: nested(),
      ...maybe(random, 'propertyNames', [{ pattern: '^[a-z]{1,8}$' }, { pattern: '^[a-z_]{1,16}$' }]),
      ...maybe(random, 'maxProperties', [1, 2]),
    }),
    () => ({ anyOf: [nested(), { type: 'null' }] }),
    () => ({ anyOf: [{ type: 'string' }, nested()] }),
    () => ({
      anyOf: ['one', 'two'].slice(0, 1 + Math.floor(random() * 2)).map((tag) => anyBranch(random, tag, depth - 1)),
    }),
  ])()
}

function anyBranch(random: Random, tag: string, depth: number): Draft {
  const object = anyObject(random, depth)
  const tagName = pick(random, ['type', 'type', 'type', 'kind'])
  const properties = { ...(object['properties'] as JsonObject), [tagName]: { const: tag } }
  return { ...object, properties, required: [...(object['required'] as string[]), tagName] }
}

function anyObject(random: Random, depth: number): Draft {
  const names = ['read_only', 'readOnly', 'size', 'name'].filter(() => random() < 0.5)
  const properties = Object.fromEntries(names.map((name) => [name, anySchema(random, depth)]))
  return { type: 'object', properties, required: names.filter(() => random() < 0.3) }
}

/** Another schema, or the same with one part of it changed. */
function vary(random: Random, schema: JsonValue, depth: number): JsonValue {
  if (random() < 0.2) return anySchema(random, depth)
  if (Array.isArray(schema)) {
    const index = Math.floor(random() * schema.length)
    return schema.length === 0 ? schema : schema.with(index, vary(random, schema[index] ?? null, depth))
  }
  if (typeof schema !== 'object' || schema === null) {
    if (typeof schema === 'number') return schema + pick(random, [-1, 0.5, 1])
    return typeof schema === 'boolean' ? !schema : schema
  }
  const key = pick(random, Object.keys(schema))
  const members: Draft = { ...schema }
  if (key === undefined) return schema
  const action = random()
  if (action < 0.15) delete members[key]
  else if (action < 0.2) return renameKey(schema, key, pick(random, ['read_only', 'readOnly', 'type', 'kind']))
  else members[key] = vary(random, members[key] ?? null, Math.max(depth - 1, 0))
  return members
}

function renameKey(schema: JsonObject, key: string, to: string): JsonValue {
  return Object.fromEntries(Object.entries(schema).map(([name, member]) => [name === key ? to : name, member]))
}

/** Pairs of schemas of the dialect; what the dialect refuses is left out. */
export function* pairsOfSchemas(seed: number, count: number): Generator<{ before: SchemaNode; after: SchemaNode }> {
  const random = seededRandom(seed)
  for (let found = 0; found < count; ) {
    const schema = anyObject(random, 3)
    const pair = [schema, vary(random, schema, 3)].map(readOrNothing)
    const [before, after] = pair
    if (before === undefined || after === undefined || after.kind !== 'object') continue
    if (canonicalJson(toJsonSchema(before)) === canonicalJson(toJsonSchema(after)) && random() < 0.95) continue
    found += 1
    yield { before, after }
  }
}

function readOrNothing(schema: JsonValue): SchemaNode | undefined {
  try {
    return readSchema(schema)
  } catch (error) {
    if (error instanceof SchemaProblem) return undefined
    throw error
  }
}
