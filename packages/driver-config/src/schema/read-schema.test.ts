import * as Earlier from '@sinclair/typebox'
import Type from 'typebox'
import { expect, test } from 'vitest'
import { readSchema } from './read-schema.js'
import { SchemaProblem } from './schema-problem.js'

/** A schema with one member, and the problem that its place and its advice tell. */
function problemOf(member: unknown): string {
  try {
    readSchema({ type: 'object', properties: { a: member } })
  } catch (error) {
    if (error instanceof SchemaProblem) return `${error.pointer.replace('/properties/a', '')} ${error.hint}`
    throw error
  }
  return 'accepted'
}

const text = { type: 'string' }
const circular: Record<string, unknown> = {}
circular['self'] = circular

test.each<[string, unknown, string]>([
  ['negation', Type.Never(), '/not State what is allowed; negation is not part of the dialect.'],
  ['an intersection', Type.Intersect([Type.Object({}), Type.Object({})]), '/allOf Write one object with all fields'],
  ['a condition', { ...text, if: {} }, '/if Use a rule of the config for conditions between fields.'],
  ['a reference', { ...text, $ref: '#/$defs/x' }, '/$ref Write the schema in place'],
  ['a remote reference', { ...text, $ref: 'https://a.example/s.json' }, '/$ref Write the schema in place'],
  ['recursion', { ...text, $defs: {} }, '/$defs Write the schemas in place'],
  ['oneOf', { ...text, oneOf: [] }, '/oneOf Use anyOf'],
  [
    'patterns beside fields',
    { type: 'object', properties: { b: text }, patternProperties: { x: text } },
    '/patternProp',
  ],
  ['an open object', { type: 'object', properties: { b: text }, additionalProperties: true }, '/additionalProperties'],
  [
    'a union without a mark',
    { anyOf: [{ type: 'object' }, { type: 'object' }] },
    ' Give every object of the union one',
  ],
  ['an unknown keyword', { ...text, minWords: 2 }, '/minWords Known keywords here: type, default, minLength'],
  ['an unknown x- keyword', { ...text, 'x-experimantal': true }, '/x-experimantal Known keywords here'],
  ['any value', Type.Unknown(), ' Use opaque("reason") for unchecked JSON.'],
  ['several types at once', { type: ['string', 'null'] }, '/type Use anyOf with a branch for each.'],
  ['a type that is not JSON', Type.BigInt(), '/type Use a type that JSON can write.'],
  ['a check in code', Type.Refine(Type.String(), () => true), ' Use a rule of the config.'],
  [
    'a codec',
    Earlier.Type.Transform(Earlier.Type.String()).Decode(Number).Encode(String),
    ' Declare the JSON that users',
  ],
  ['an unknown format', { ...text, format: 'email' }, '/format Use one of container-path, mount-target'],
  ['an unbounded text for a pattern', { ...text, pattern: '^a+$' }, '/pattern Add maxLength, at most 1024.'],
  ['steps of fractions', { type: 'number', multipleOf: 0.1 }, '/multipleOf Use it with integers'],
  [
    'unique objects',
    { type: 'array', items: { type: 'object' }, uniqueItems: true },
    '/uniqueItems Use the rule unique()',
  ],
  ['unique in words', { type: 'array', items: text, uniqueItems: 'yes' }, '/uniqueItems Write one of the two.'],
  ['values of another type', { ...text, enum: [1] }, '/enum Correct the values or the type.'],
  ['an annotation in words', { type: 'boolean', 'x-experimental': 'yes' }, '/x-experimental Write a boolean.'],
  ['a default that is not JSON', { ...text, default: circular }, '/default Write a JSON value.'],
  ['lengths that cross', { ...text, minLength: 5, maxLength: 2 }, '/maxLength Raise the upper bound'],
  ['bounds that cross', { type: 'integer', minimum: 5, maximum: 2 }, '/maximum Raise the upper bound'],
  ['counts that cross', { type: 'array', items: text, minItems: 5, maxItems: 2 }, '/maxItems Raise the upper bound'],
])('%s is refused with its place and what to write', (_what, schema, problem) => {
  expect(problemOf(schema).startsWith(problem), problemOf(schema)).toBe(true)
})

test.each(['a.b', 'a[]', 'a{}', 'mode=x', 'a\nb', 'k'.repeat(129)])('paths could not name the field %j', (name) => {
  expect(problemOf({ type: 'object', properties: { [name]: { type: 'boolean', 'x-experimental': true } } })).toMatch(
    /or use a record for free keys\.$/,
  )
})
