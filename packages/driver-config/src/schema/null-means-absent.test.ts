import { Type as Earlier } from '@sinclair/typebox'
import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { emptyExamples, showing } from '../../test/version-examples.js'
import { rule } from '../check/rules.js'
import { requires } from '../check/standard-rules.js'
import { defineDriverConfig } from '../define/define-driver-config.js'
import { nullMeansAbsent } from './null-means-absent.js'
import { opaque } from './opaque.js'
import { readSchema } from './read-schema.js'
import { withDefault } from './with-default.js'

const later = Type.Object({
  note: Type.Optional(nullMeansAbsent(Type.String())),
  other: nullMeansAbsent(Type.Optional(Type.String())),
  size: nullMeansAbsent(withDefault(Type.Integer(), 5)),
  parts: Type.Optional(Type.Array(Type.Object({ on: withDefault(nullMeansAbsent(Type.Boolean()), true) }))),
})
const earlier = Earlier.Object({
  note: Earlier.Optional(nullMeansAbsent(Earlier.String())),
  other: nullMeansAbsent(Earlier.Optional(Earlier.String())),
  size: nullMeansAbsent(withDefault(Earlier.Integer(), 5)),
  parts: Earlier.Optional(Earlier.Array(Earlier.Object({ on: withDefault(nullMeansAbsent(Earlier.Boolean()), true) }))),
})
const block = { note: null, other: null, size: null, parts: [{ on: null }, { on: false }] }
const complete = { size: 5, parts: [{ on: true }, { on: false }] }

describe('a null that means absent', () => {
  test.each([
    ['1.x', later],
    ['0.34', earlier],
  ])('is taken as a missing member in one pass and step by step, in schemas of line %s', (_line, shape) => {
    const config = defineDriverConfig('acme').version(1, shape, emptyExamples).build()
    const before = JSON.stringify(block)
    for (const context of [{}, { policy: {} }]) {
      expect(config.safeParse(block, context)).toMatchObject({ ok: true, value: complete, warnings: [] })
      expect(Object.keys((config.safeParse(block, context) as { value: object }).value)).toEqual(['size', 'parts'])
    }
    expect(JSON.stringify(block)).toBe(before)
  })

  test('is seen by no rule, no migration and no stored config', () => {
    const seen: unknown[] = []
    const look = rule<unknown>('look', { reads: ['note'] }, ({ value }) => void seen.push(value))
    const config = defineDriverConfig('acme')
      .version(1, later, { ...emptyExamples, rules: [look] })
      .version(2, later, {
        ...emptyExamples,
        up: (old) => {
          seen.push(old)
          return old
        },
        down: (value) => value,
      })
      .build()
    seen.length = 0
    const result = config.safeParse({ schema_version: 1, ...block })
    // The rule looks twice: for the quick way, and for the full one of a block that is migrated.
    const looks = { parts: [{}, { on: false }] }
    expect(seen).toEqual([looks, looks, complete])
    if (!result.ok) throw new Error('the block is valid')
    expect(config.store(result.value, { driverVersion: '1.0.0' }).config).toEqual(complete)
  })

  test('is no presence for a rule, which is then no keyword', () => {
    const config = defineDriverConfig('acme')
      .version(1, later, emptyExamples)
      .build({ rules: [requires('note', 'other')] })
    expect(config.check({ note: 'x', other: null })).toMatchObject({ issues: [{ code: 'FIELD_NEEDS_OTHER' }] })
    expect(config.at(1)?.schema).toMatchObject({ 'x-rules': [{ name: 'requires-note' }] })
  })

  test('is published, and part of the shape', () => {
    const plain = Type.Object({ note: Type.Optional(Type.String()) })
    const adopted = Type.Object({ note: Type.Optional(nullMeansAbsent(Type.String())) })
    const [before, after] = [plain, adopted].map((shape) =>
      defineDriverConfig('acme').version(1, shape, emptyExamples).build(),
    )
    expect(after?.at(1)?.schema).toMatchObject({
      properties: { note: { anyOf: [{ type: 'string' }, { type: 'null' }], 'x-null-means-absent': true } },
    })
    expect(after?.describe().each[0]?.shapeDigest).not.toBe(before?.describe().each[0]?.shapeDigest)
  })

  test('is not taken from a migration', () => {
    const chain = defineDriverConfig('acme')
      .version(1, Type.Object({}), emptyExamples)
      .version(2, later, { ...emptyExamples, up: () => ({ size: 5, note: null }) as never })
    expect(() => chain.build()).toThrow(
      'a result that 2 does not accept: driver_config.note: must be a string, got null',
    )
  })
})

test.each([
  ['a required member', Type.Object({ a: nullMeansAbsent(Type.String()) }), 'only an optional member can be absent.'],
  ['an item', Type.Array(nullMeansAbsent(Type.String())), 'only an optional member can be absent.'],
  ['free keys', Type.Record(Type.String(), nullMeansAbsent(Type.String())), 'only an optional member can be absent.'],
  ['a union with null', Type.Union([Type.Null(), Type.String()]), 'the schema takes null as a value.'],
  ['null', Type.Null(), 'the schema takes null as a value.'],
  ['unchecked JSON', opaque('any'), 'the schema takes null as a value.'],
])('nullMeansAbsent is refused on %s', (_place, schema, problem) => {
  const isMember = problem.startsWith('the schema')
  const shape = isMember ? Type.Object({ a: Type.Optional(nullMeansAbsent(schema)) }) : schema
  expect(() => readSchema(shape)).toThrow(expect.objectContaining({ problem }))
})

test('a handler sees no null', () => {
  const config = defineDriverConfig('acme').version(1, later, showing({})).build()
  const result = config.safeParse(block)
  if (!result.ok) throw new Error('the block is valid')
  const size: number = result.value.size
  const note: string | undefined = result.value.note
  expect({ size, note }).toEqual({ size: 5, note: undefined })
})
