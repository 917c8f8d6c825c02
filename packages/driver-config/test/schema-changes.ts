import type { JsonValue } from '../src/envelope/json-value.js'

/** A change of a schema and what comparing gives: `rule verdict path` of each difference. Paths begin at the root `c`. */
export interface SchemaChangeFixture {
  readonly name: string
  readonly before: JsonValue
  readonly after: JsonValue
  readonly changes: readonly string[]
}

const text = { type: 'string' }
const whole = { type: 'integer' }
const number = { type: 'number' }
const flag = { type: 'boolean' }
const nothing = { type: 'null' }
const bag = { type: 'object', 'x-bag': 'vendor extensions' }
const opaque = { 'x-opaque': 'tolerations' }

const list = (items: JsonValue, more: object = {}): JsonValue => ({ type: 'array', items, ...more })
const tuple = (...prefixItems: JsonValue[]): JsonValue => ({ type: 'array', prefixItems })
const map = (values: JsonValue, more: object = {}): JsonValue => ({
  type: 'object',
  additionalProperties: values,
  ...more,
})
const keyed = (pattern: string): JsonValue => map(text, { propertyNames: { pattern } })
const union = (...anyOf: JsonValue[]): JsonValue => ({ anyOf })
const object = (properties: { readonly [name: string]: JsonValue }, required: string[] = []): JsonValue => ({
  type: 'object',
  properties,
  required,
})
const branch = (type: string, properties: { readonly [name: string]: JsonValue } = {}, tag = 'type'): JsonValue =>
  object({ [tag]: { const: type }, ...properties }, [tag])

type Row = readonly [name: string, before: JsonValue, after: JsonValue, ...changes: string[]]

/** Changes of the optional field `f`. */
// biome-ignore format: one change a line
const fields: readonly Row[] = [
  ['nothing', text, text],
  // Numbers.
  ['a higher minimum', { ...whole, minimum: 1 }, { ...whole, minimum: 2 }, 'BOUND_TIGHTENED break c.f'],
  ['a new minimum', whole, { ...whole, minimum: 0 }, 'BOUND_TIGHTENED break c.f'],
  ['a lower minimum', { ...whole, minimum: 2 }, { ...whole, minimum: 1 }, 'BOUND_LOOSENED warning c.f'],
  ['no minimum', { ...whole, minimum: 2 }, whole, 'BOUND_LOOSENED warning c.f'],
  ['a lower maximum', { ...whole, maximum: 9 }, { ...whole, maximum: 8 }, 'BOUND_TIGHTENED break c.f'],
  ['a new maximum', whole, { ...whole, maximum: 0 }, 'BOUND_TIGHTENED break c.f'],
  ['a higher maximum', { ...whole, maximum: 8 }, { ...whole, maximum: 9 }, 'BOUND_LOOSENED warning c.f'],
  ['no maximum', { ...whole, maximum: 8 }, whole, 'BOUND_LOOSENED warning c.f'],
  ['both bounds tighter', { ...whole, minimum: 0, maximum: 9 }, { ...whole, minimum: 1, maximum: 8 }, 'BOUND_TIGHTENED break c.f', 'BOUND_TIGHTENED break c.f'],
  ['an exclusive bound for the same whole numbers', { ...whole, minimum: 1 }, { ...whole, exclusiveMinimum: 0 }, 'CONSTRAINT_REWRITTEN ok c.f'],
  ['an exclusive upper bound for the same whole numbers', { ...whole, maximum: 9 }, { ...whole, exclusiveMaximum: 10 }, 'CONSTRAINT_REWRITTEN ok c.f'],
  ['an exclusive bound for fewer whole numbers', { ...whole, minimum: 0 }, { ...whole, exclusiveMinimum: 0 }, 'BOUND_TIGHTENED break c.f'],
  ['an exclusive bound of fractions', { ...number, minimum: 0 }, { ...number, exclusiveMinimum: 0 }, 'BOUND_TIGHTENED break c.f'],
  ['an inclusive bound of fractions', { ...number, exclusiveMaximum: 1 }, { ...number, maximum: 1 }, 'BOUND_LOOSENED warning c.f'],
  ['a bound between fractions', { ...number, minimum: 0.25 }, { ...number, minimum: 0.5 }, 'BOUND_TIGHTENED break c.f'],
  ['whole numbers only', number, whole, 'TYPE_NARROWED break c.f'],
  ['whole numbers only, in a range', { ...number, minimum: 0, maximum: 1 }, { ...whole, minimum: 0, maximum: 1 }, 'TYPE_NARROWED break c.f'],
  ['fractions as well', whole, number, 'TYPE_WIDENED warning c.f'],
  ['a step', whole, { ...whole, multipleOf: 5 }, 'BOUND_TIGHTENED break c.f'],
  ['a step of one', whole, { ...whole, multipleOf: 1 }, 'CONSTRAINT_REWRITTEN ok c.f'],
  ['a coarser step', { ...whole, multipleOf: 2 }, { ...whole, multipleOf: 4 }, 'BOUND_TIGHTENED break c.f'],
  ['a finer step', { ...whole, multipleOf: 4 }, { ...whole, multipleOf: 2 }, 'BOUND_LOOSENED warning c.f'],
  ['another step', { ...whole, multipleOf: 4 }, { ...whole, multipleOf: 6 }, 'BOUND_TIGHTENED break c.f'],
  ['no step', { ...whole, multipleOf: 4 }, whole, 'BOUND_LOOSENED warning c.f'],
  ['a step that the only value keeps', { ...whole, minimum: 6, maximum: 6 }, { ...whole, minimum: 6, maximum: 6, multipleOf: 3 }, 'BOUND_TIGHTENED unknown c.f'],
  // Texts.
  ['a longer least length', text, { ...text, minLength: 1 }, 'BOUND_TIGHTENED break c.f'],
  ['a shorter least length', { ...text, minLength: 2 }, { ...text, minLength: 1 }, 'BOUND_LOOSENED warning c.f'],
  ['a shorter greatest length', { ...text, maxLength: 9 }, { ...text, maxLength: 8 }, 'BOUND_TIGHTENED break c.f'],
  ['a new greatest length', text, { ...text, maxLength: 8 }, 'BOUND_TIGHTENED break c.f'],
  ['a greatest length beyond every block', text, { ...text, maxLength: 20_000 }, 'BOUND_TIGHTENED unknown c.f'],
  ['a longer greatest length', { ...text, maxLength: 8 }, { ...text, maxLength: 9 }, 'BOUND_LOOSENED warning c.f'],
  ['no greatest length', { ...text, maxLength: 8 }, text, 'BOUND_LOOSENED warning c.f'],
  ['a pattern', { ...text, maxLength: 9 }, { ...text, maxLength: 9, pattern: '^[a-z]*$' }, 'PATTERN_CHANGED break c.f'],
  ['a narrower pattern', { ...text, pattern: '^[a-z]{1,3}$' }, { ...text, pattern: '^[a-y]{1,3}$' }, 'PATTERN_CHANGED break c.f'],
  ['a pattern that says the same', { ...text, pattern: '^[a-z]{1,3}$' }, { ...text, pattern: '^[a-z][a-z]{0,2}$' }, 'PATTERN_CHANGED unknown c.f'],
  ['no pattern', { ...text, pattern: '^[a-z]{1,3}$' }, text, 'CONSTRAINT_DROPPED warning c.f'],
  ['a format', text, { ...text, format: 'date' }, 'FORMAT_ADDED break c.f'],
  ['another format', { ...text, format: 'container-path' }, { ...text, format: 'mount-target' }, 'FORMAT_CHANGED break c.f'],
  ['a wider format', { ...text, format: 'dns1123-label' }, { ...text, format: 'dns1123-subdomain' }, 'FORMAT_CHANGED unknown c.f'],
  ['no format', { ...text, format: 'date' }, text, 'CONSTRAINT_DROPPED warning c.f'],
  // Fixed values.
  ['a value less', { enum: ['a', 'b'] }, { enum: ['a'] }, 'ENUM_VALUE_REMOVED break c.f'],
  ['a value more', { enum: ['a'] }, { enum: ['a', 'b'] }, 'ENUM_VALUE_ADDED warning c.f'],
  ['a value for another', { enum: ['a', 'b'] }, { enum: ['a', 'c'] }, 'ENUM_VALUE_REMOVED break c.f', 'ENUM_VALUE_ADDED warning c.f'],
  ['another constant', { const: 'a' }, { const: 'b' }, 'CONST_CHANGED break c.f'],
  ['another order of values', { enum: ['a', 'b'] }, { enum: ['b', 'a'] }, 'ORDER_CHANGED ok c.f'],
  ['a free text instead of fixed ones', { enum: ['a', 'b'] }, text, 'TYPE_WIDENED warning c.f'],
  ['a bounded text that a fixed one does not fit', { enum: ['a', 'bb'] }, { ...text, maxLength: 1 }, 'TYPE_NARROWED break c.f'],
  ['fixed texts instead of a free one', text, { enum: ['a'] }, 'TYPE_NARROWED break c.f'],
  ['both truth values as a list', flag, { enum: [true, false] }, 'CONSTRAINT_REWRITTEN ok c.f'],
  ['one truth value', flag, { const: true }, 'TYPE_NARROWED break c.f'],
  // Kinds.
  ['another kind', text, whole, 'TYPE_NARROWED break c.f'],
  ['an object instead of a text', text, object({ a: text }), 'TYPE_NARROWED break c.f'],
  ['null as well', text, union(text, nothing), 'TYPE_WIDENED warning c.f'],
  ['null no longer', union(text, nothing), text, 'NULL_REMOVED break c.f'],
  ['null as absence', text, { ...text, 'x-null-means-absent': true }, 'CONSTRAINT_DROPPED warning c.f'],
  ['null as absence no longer', { ...text, 'x-null-means-absent': true }, text, 'NULL_REMOVED break c.f'],
  ['null with a meaning instead of absence', { ...text, 'x-null-means-absent': true }, union(text, nothing), 'UNDECIDED_CHANGE unknown c.f', 'UNDECIDED_CHANGE unknown c.f'],
  ['a number as well', text, union(text, whole), 'TYPE_WIDENED warning c.f'],
  ['a number no longer', union(text, whole), text, 'TYPE_NARROWED break c.f'],
  ['a number for a truth value', union(text, whole), union(text, flag), 'TYPE_NARROWED break c.f', 'TYPE_WIDENED warning c.f'],
  ['a tighter branch of a union of kinds', union(text, whole), union({ ...text, minLength: 1 }, whole), 'BOUND_TIGHTENED break c.f'],
  // Unchecked JSON.
  ['another description of unchecked JSON', opaque, { 'x-opaque': 'affinity' }, 'OPAQUE_CHANGED unknown c.f'],
  ['a declared shape for unchecked JSON', opaque, text, 'OPAQUE_CHANGED break c.f'],
  ['unchecked JSON for a declared shape', text, opaque, 'OPAQUE_CHANGED unknown c.f'],
  ['unchecked JSON for fixed values', { enum: ['a'] }, opaque, 'TYPE_WIDENED warning c.f'],
  ['a bag for unchecked JSON', opaque, bag, 'OPAQUE_CHANGED break c.f'],
  ['a text for a bag', bag, text, 'EXTENSION_BAG_REMOVED break c.f'],
  // Lists.
  ['more items at least', list(text), list(text, { minItems: 1 }), 'BOUND_TIGHTENED break c.f'],
  ['fewer items at least', list(text, { minItems: 2 }), list(text, { minItems: 1 }), 'BOUND_LOOSENED warning c.f'],
  ['fewer items at most', list(text, { maxItems: 3 }), list(text, { maxItems: 2 }), 'BOUND_TIGHTENED break c.f'],
  ['more items at most', list(text, { maxItems: 2 }), list(text, { maxItems: 3 }), 'BOUND_LOOSENED warning c.f'],
  ['a bound on items', list(object({ a: text }, ['a'])), list(object({ a: text }, ['a']), { maxItems: 4 }), 'BOUND_TIGHTENED break c.f'],
  ['items once', list(text), list(text, { uniqueItems: true }), 'UNIQUE_ADDED break c.f'],
  ['items once where there is one at most', list(text, { maxItems: 1 }), list(text, { maxItems: 1, uniqueItems: true }), 'UNIQUE_ADDED unknown c.f'],
  ['items twice', list(text, { uniqueItems: true }), list(text), 'CONSTRAINT_DROPPED warning c.f'],
  ['other items', list(text), list(whole), 'TYPE_NARROWED break c.f[]'],
  ['tighter items', list(whole, { minItems: 2, uniqueItems: true }), list({ ...whole, minimum: 0 }, { minItems: 2, uniqueItems: true }), 'BOUND_TIGHTENED break c.f[]'],
  ['one place more', tuple(text), tuple(text, text), 'TYPE_NARROWED break c.f'],
  ['one place tighter', tuple(text, whole), tuple(text, { ...whole, maximum: 5 }), 'BOUND_TIGHTENED break c.f[]'],
  ['a list for places', tuple(text, text), list(text), 'UNDECIDED_CHANGE unknown c.f'],
  ['places for a list', list(text), tuple(text), 'TYPE_NARROWED break c.f'],
  // Free keys.
  ['a key pattern', map(text), keyed('^[a-z]{1,9}$'), 'MAP_KEY_TIGHTENED break c.f'],
  ['another key pattern', keyed('^[a-z]{1,9}$'), keyed('^[a-y]{1,9}$'), 'MAP_KEY_TIGHTENED break c.f'],
  ['a key pattern that says the same', keyed('^[a-z]{1,2}$'), keyed('^[a-z][a-z]{0,1}$'), 'MAP_KEY_TIGHTENED unknown c.f'],
  ['no key pattern', keyed('^[a-z]{1,9}$'), map(text), 'MAP_KEY_LOOSENED warning c.f'],
  ['more keys at least', map(text), map(text, { minProperties: 1 }), 'BOUND_TIGHTENED break c.f'],
  ['fewer keys at most', map(text), map(text, { maxProperties: 2 }), 'BOUND_TIGHTENED break c.f'],
  ['more keys at most', map(text, { maxProperties: 2 }), map(text, { maxProperties: 3 }), 'BOUND_LOOSENED warning c.f'],
  ['other values', map(whole), map(flag), 'TYPE_NARROWED break c.f{}'],
  ['free texts where keys may name secrets', map({ enum: ['on', 'off'] }), map(text), 'TYPE_WIDENED warning c.f{}', 'SECRET_ADDED break c.f'],
  ['a map that says no longer that it holds no secrets', map(text, { 'x-not-secret': 'counts' }), map(text), 'ANNOTATION_CHANGED ok c.f', 'SECRET_ADDED break c.f'],
  ['a map for declared fields', object({ a: text }), map(text), 'UNDECIDED_CHANGE unknown c.f'],
  ['a map for a declared field that names a secret', object({ api_token: text }), map(text), 'TYPE_NARROWED break c.f', 'SECRET_ADDED break c.f'],
  // Defaults, units, marks.
  ['another default', { ...whole, default: 1 }, { ...whole, default: 2 }, 'DEFAULT_CHANGED break c.f'],
  ['a default', whole, { ...whole, default: 1 }, 'DEFAULT_ADDED break c.f'],
  ['no default', { ...whole, default: 1 }, whole, 'DEFAULT_REMOVED break c.f'],
  ['a default and a bound', whole, { ...whole, minimum: 1, default: 1 }, 'DEFAULT_ADDED break c.f', 'BOUND_TIGHTENED break c.f'],
  ['another default of items, which no document gets', list({ ...whole, default: 1 }), list({ ...whole, default: 2 }), 'DEFAULT_UNUSED ok c.f[]'],
  ['another unit', { ...whole, 'x-unit': 's' }, { ...whole, 'x-unit': 'ms' }, 'UNIT_CHANGED_SAME_NAME break c.f'],
  ['a unit', whole, { ...whole, 'x-unit': 'ms' }, 'UNIT_CHANGED_SAME_NAME unknown c.f'],
  ['an experimental field', text, { ...text, 'x-experimental': true }, 'STAGE_LOWERED break c.f'],
  ['a field that is no longer experimental', { ...text, 'x-experimental': true }, text, 'STAGE_RAISED ok c.f'],
  ['a reference to a secret', { ...text, maxLength: 9 }, { ...text, maxLength: 9, 'x-secret-ref': 'a secret' }, 'SECRET_ADDED unknown c.f'],
  ['no reference to a secret', { ...text, 'x-secret-ref': 'a secret' }, text, 'SECRET_REMOVED unknown c.f'],
  ['a reference to another kind of secret', { ...text, 'x-secret-ref': 'a' }, { ...text, 'x-secret-ref': 'b' }, 'UNDECIDED_CHANGE unknown c.f'],
  // Texts for readers.
  ['a title', text, { ...text, title: 'Name' }, 'TITLE_CHANGED ok c.f'],
  ['another description', { ...text, description: 'a' }, { ...text, description: 'b' }, 'DESCRIPTION_CHANGED ok c.f'],
  ['examples', text, { ...text, examples: ['a'] }, 'EXAMPLE_CHANGED ok c.f'],
  ['a deprecation', text, { ...text, deprecated: true }, 'DEPRECATION_CHANGED ok c.f'],
  ['a mark for printing', text, { ...text, 'x-printable': true }, 'ANNOTATION_CHANGED ok c.f'],
  ['a release', text, { ...text, 'x-since': '1.2.0' }, 'ANNOTATION_CHANGED ok c.f'],
  // Unions of objects.
  ['a branch more', union(branch('a'), branch('b')), union(branch('a'), branch('b'), branch('c')), 'UNION_BRANCH_ADDED warning c.f'],
  ['a branch less', union(branch('a'), branch('b'), branch('c')), union(branch('a'), branch('b')), 'UNION_BRANCH_REMOVED break c.f'],
  ['an object that became a union', branch('a'), union(branch('a'), branch('b')), 'UNION_BRANCH_ADDED warning c.f'],
  ['a union that became an object', union(branch('a'), branch('b')), branch('a'), 'UNION_BRANCH_REMOVED break c.f'],
  ['a branch with a new field', union(branch('a'), branch('b')), union(branch('a', { x: text }), branch('b')), 'OPTIONAL_ADDED ok c.f.x'],
  ['a branch without a field', union(branch('a', { x: text }), branch('b')), union(branch('a'), branch('b')), 'PROPERTY_REMOVED break c.f.x'],
  ['a tighter field of a branch', union(branch('a', { x: text }), branch('b')), union(branch('a', { x: { ...text, maxLength: 1 } }), branch('b')), 'BOUND_TIGHTENED break c.f.x'],
  ['another field that selects', union(branch('a'), branch('b')), union(branch('a', {}, 'kind'), branch('b', {}, 'kind')), 'DISCRIMINATOR_CHANGED break c.f'],
  ['items of a union without a branch', list(union(branch('a'), branch('b'))), list(branch('b')), 'UNION_BRANCH_REMOVED break c.f[]'],
]

/** Changes of a whole block. */
// biome-ignore format: one change a line
const blocks: readonly Row[] = [
  ['a field that may be absent', object({}), object({ a: text }), 'OPTIONAL_ADDED ok c.a'],
  ['a field with a default', object({}), object({ a: { ...text, default: 'x' } }), 'OPTIONAL_ADDED ok c.a'],
  ['a field that is required', object({}), object({ a: text }, ['a']), 'REQUIRED_ADDED break c.a'],
  ['a field that became required', object({ a: text }), object({ a: text }, ['a']), 'REQUIRED_ADDED break c.a'],
  ['a field that may be absent now', object({ a: text }, ['a']), object({ a: text }), 'REQUIRED_DROPPED warning c.a'],
  ['a required field that got a default', object({ a: text }, ['a']), object({ a: { ...text, default: 'x' } }), 'REQUIRED_DROPPED warning c.a', 'DEFAULT_UNUSED ok c.a'],
  ['a field less', object({ a: text, b: text }), object({ b: text }), 'PROPERTY_REMOVED break c.a'],
  ['a required field less', object({ a: text, b: text }, ['a', 'b']), object({ b: text }, ['b']), 'PROPERTY_REMOVED break c.a'],
  ['another name', object({ readonly: flag }), object({ read_only: flag }), 'PROPERTY_RENAMED break c.readonly'],
  ['another name in camel case', object({ readOnly: flag }), object({ read_only: flag }), 'PROPERTY_RENAMED break c.readOnly'],
  ['another name for something else', object({ readonly: flag }), object({ size: flag }), 'PROPERTY_REMOVED break c.readonly', 'OPTIONAL_ADDED ok c.size'],
  ['a similar name with another shape', object({ readonly: flag }), object({ read_only: text }), 'PROPERTY_REMOVED break c.readonly', 'OPTIONAL_ADDED ok c.read_only'],
  ['no bag', object({ extra: bag }), object({}), 'EXTENSION_BAG_REMOVED break c.extra'],
  ['another order', object({ a: text, b: text }), object({ b: text, a: text }), 'ORDER_CHANGED ok c'],
  ['a field deep inside', object({ a: list(object({ b: object({ c: text }) }, ['b'])) }), object({ a: list(object({ b: object({}) }, ['b'])) }), 'PROPERTY_REMOVED break c.a[].b.c'],
  ['a field of a map', object({ m: map(object({ x: whole, y: whole }, ['x'])) }), object({ m: map(object({ x: { ...whole, minimum: 1 }, y: whole }, ['x'])) }), 'BOUND_TIGHTENED break c.m{}.x'],
  ['a required field elsewhere beside a tighter one', object({ a: whole }), object({ a: { ...whole, minimum: 1 }, b: text }, ['b']), 'BOUND_TIGHTENED break c.a', 'REQUIRED_ADDED break c.b'],
]

const inField = (schema: JsonValue): JsonValue => object({ f: schema })

/** One change each, as JSON Schema of the whole block. */
export const schemaChanges: readonly SchemaChangeFixture[] = [
  ...fields.map(([name, before, after, ...changes]) => ({
    name,
    before: inField(before),
    after: inField(after),
    changes,
  })),
  ...blocks.map(([name, before, after, ...changes]) => ({ name, before, after, changes })),
]
