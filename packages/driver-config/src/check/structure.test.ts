import { Type as Earlier } from '@sinclair/typebox'
import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { emptyExamples, generatedExamples, showing } from '../../test/version-examples.js'
import { defineDriverConfig } from '../define/define-driver-config.js'
import { extensions, opaque } from '../schema/opaque.js'

const optional = Type.Optional
const check = (schema: object, block: unknown): string[] => {
  const result = defineDriverConfig('acme').version(1, schema, generatedExamples(schema)).build().safeParse(block)
  return result.ok ? [] : result.issues.map((issue) => `${issue.code} ${issue.message} > ${issue.fix}`)
}
const one = (schema: object, value: unknown): string =>
  check(Type.Object({ a: optional(schema) }), { a: value }).join('\n')

describe('a value is refused for', () => {
  test.each([
    [Type.String(), 5, 'TYPE_MISMATCH driver_config.a: must be a string, got a number > Write a string.'],
    [
      Type.Integer(),
      '5',
      'TYPE_MISMATCH driver_config.a: must be a whole number, got a string > Write the number without quotes.',
    ],
    [Type.Boolean(), 'true', 'TYPE_MISMATCH driver_config.a: must be a boolean, got a string > Write a boolean.'],
    [Type.Array(Type.String()), {}, 'TYPE_MISMATCH driver_config.a: must be a list, got an object > Write a list.'],
    [Type.Object({}), [], 'TYPE_MISMATCH driver_config.a: must be an object, got a list > Write an object.'],
    [Type.String(), null, 'NULL_NOT_ALLOWED driver_config.a: must be a string, got null > Remove the key.'],
    [
      Type.Integer(),
      1.5,
      'NOT_AN_INTEGER driver_config.a: must be a whole number, got a number with a fraction > Write a whole number.',
    ],
    [
      Type.Integer({ minimum: 1, maximum: 9 }),
      0,
      'NUMBER_OUT_OF_RANGE driver_config.a: must be from 1 to 9 > Write a number that is from 1 to 9.',
    ],
    [
      Type.Integer({ minimum: 1 }),
      0,
      'NUMBER_OUT_OF_RANGE driver_config.a: must be at least 1 > Write a number that is at least 1.',
    ],
    [
      Type.Integer({ minimum: 1 }),
      1e300,
      'NUMBER_OUT_OF_RANGE driver_config.a: must be from 1 to 9007199254740991 > Write a number that is from 1 to 9007199254740991.',
    ],
    [
      Type.Integer(),
      1e300,
      'NUMBER_OUT_OF_RANGE driver_config.a: must be from -9007199254740991 to 9007199254740991 > Write a number that is from -9007199254740991 to 9007199254740991.',
    ],
    [
      Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
      0,
      'NUMBER_OUT_OF_RANGE driver_config.a: must be more than 0 and at most 1 > Write a number that is more than 0 and at most 1.',
    ],
    [
      Type.Integer({ multipleOf: 512 }),
      5,
      'NUMBER_NOT_MULTIPLE driver_config.a: must be a multiple of 512 > Round to a multiple of 512.',
    ],
    [
      Type.String({ minLength: 1 }),
      '',
      'LENGTH_OUT_OF_RANGE driver_config.a: must have at least 1 character, got an empty string > Write at least 1 character.',
    ],
    [
      Type.String({ maxLength: 3 }),
      'hunter2',
      'LENGTH_OUT_OF_RANGE driver_config.a: must have at most 3 characters, got a string of 1 to 8 characters > Write at most 3 characters.',
    ],
    [
      Type.String({ pattern: '^[a-z]{1,9}$' }),
      'A',
      'PATTERN_MISMATCH driver_config.a: must be a text that matches ^[a-z]{1,9}$ > Write a text that matches the pattern.',
    ],
    [
      Type.String({ pattern: '^a*a*b$', maxLength: 64 }),
      'a'.repeat(99),
      'LENGTH_OUT_OF_RANGE driver_config.a: must have at most 64 characters, got a string of 65 to 128 characters > Write at most 64 characters.',
    ],
    [Type.String({ format: 'uuid' }), 'x', 'FORMAT_INVALID driver_config.a: must be a UUID > Write a UUID.'],
    [
      Type.Union([Type.Literal('bind'), Type.Literal('volume')]),
      'volumes',
      'VALUE_NOT_ALLOWED driver_config.a: must be one of "bind", "volume"; did you mean "volume"? > Write "volume".',
    ],
    [
      Type.Union([Type.Literal('bind'), Type.Literal('volume')]),
      5,
      'TYPE_MISMATCH driver_config.a: must be one of "bind", "volume", got a number > Write one of "bind", "volume".',
    ],
    [
      Type.Union([Type.Integer(), Type.Null()]),
      'x',
      'TYPE_MISMATCH driver_config.a: must be a whole number or null, got a string > Write a whole number or null.',
    ],
    [
      Type.Array(Type.String(), { minItems: 1 }),
      [],
      'ITEM_COUNT_OUT_OF_RANGE driver_config.a: must have at least 1 item, got 0 items > Write at least 1 item.',
    ],
    [
      Type.Array(Type.String(), { uniqueItems: true }),
      ['x', 'y', 'x'],
      'ITEMS_NOT_UNIQUE driver_config.a[2]: repeats item 0 > Remove the repeated item.',
    ],
    [
      Type.Tuple([Type.String(), Type.Integer()]),
      ['x'],
      'ITEM_COUNT_OUT_OF_RANGE driver_config.a: must have exactly 2 items, got 1 item > Write exactly 2 items.',
    ],
    [
      Type.Record(Type.String(), Type.Integer()),
      { 'a\nb': 5 },
      'MAP_KEY_INVALID driver_config.a["a\\u000ab"]: the key is not allowed here; expected keys without control characters > Correct the key.',
    ],
    [
      Type.Record(Type.String({ pattern: '^x' }), Type.Integer()),
      { y: 5 },
      'MAP_KEY_INVALID driver_config.a.y: the key is not allowed here; expected keys that match ^x > Correct the key.',
    ],
    [
      extensions(),
      { plain: 1 },
      'MAP_KEY_INVALID driver_config.a.plain: the key is not allowed here; expected keys such as vendor.example/name > Correct the key.',
    ],
  ])('%#: %j', (schema, value, expected) => {
    expect(one(schema, value)).toBe(expected)
  })
})

test.each([
  [Type.Integer(), 1.0],
  [Type.String({ minLength: 2, maxLength: 2 }), '😀😀'],
  [Type.Record(Type.String(), Type.Integer()), { toString: 1, hasOwnProperty: 2 }],
  [opaque('tolerations'), [{ tolerationSeconds: 5 }]],
  [extensions(), { 'vendor.example/name': { any: 1 } }],
  [Type.Union([Type.Integer(), Type.String({ pattern: '^[0-9]{1,4}$' })]), '512'],
])('%#: %j is accepted', (schema, value) => {
  expect(one(schema, value)).toBe('')
})

const mount = Type.Union([
  Type.Object({ type: Type.Literal('bind'), source: Type.String() }),
  Type.Object({ type: Type.Literal('tmpfs'), size_bytes: optional(Type.Integer()) }),
])

test('a bag of extensions has a size of its own', () => {
  const bag = (length: number) => one(extensions(), { 'vendor.example/name': 'x'.repeat(length) })
  expect(bag(8_000)).toBe('')
  expect(bag(8_200)).toMatch(/^CONFIG_TOO_LARGE driver_config.a: is larger than 8192 bytes/)
})

test('limits can be lowered, and never raised', () => {
  const limited = (depth: number) =>
    defineDriverConfig('acme')
      .version(1, Type.Object({ a: optional(opaque('any')) }), emptyExamples)
      .build({ limits: { depth } })
  expect(limited(2).check({ a: [[]] })).toMatchObject({ issues: [{ code: 'CONFIG_TOO_DEEP' }] })
  expect(limited(99).check({ a: JSON.parse(`${'['.repeat(16)}${']'.repeat(16)}`) })).toMatchObject({
    issues: [{ code: 'CONFIG_TOO_DEEP' }],
  })
  expect(() => limited(Number.NaN)).toThrow('the limit "depth" must be a whole number from 1.')
})

describe('a union', () => {
  const mounts = Type.Object({ mounts: Type.Array(mount) })

  test('reports the selected branch only', () => {
    expect(check(mounts, { mounts: [{ type: 'tmpfs', size_bytes: 'x' }] })).toEqual([
      'TYPE_MISMATCH driver_config.mounts[0].size_bytes: must be a whole number, got a string > Write a whole number.',
    ])
  })

  test('reports a wrong or missing discriminator at the discriminator', () => {
    expect(check(mounts, { mounts: [{ type: 'tmpf' }, {}, { type: null }] })).toEqual([
      'VARIANT_UNKNOWN driver_config.mounts[0].type: must be one of "bind", "tmpfs"; did you mean "tmpfs"? > Write "tmpfs".',
      'VARIANT_MISSING driver_config.mounts[1].type: is required; it selects the shape: one of "bind", "tmpfs" > Add "type": one of "bind", "tmpfs".',
      'VARIANT_UNKNOWN driver_config.mounts[2].type: must be one of "bind", "tmpfs", got null > Write one of "bind", "tmpfs".',
    ])
  })

  test('says where a field of another branch belongs', () => {
    expect(check(mounts, { mounts: [{ type: 'bind', source: 'x', size_bytes: 1 }] })).toEqual([
      'UNKNOWN_FIELD driver_config.mounts[0].size_bytes: unknown field in schema_version 1 for type "bind"; "size_bytes" belongs to type "tmpfs" > Remove the key, or change "type" to "tmpfs".',
    ])
  })
})

test('all problems come at once, in document order, and missing fields after those that are there', () => {
  const schema = Type.Object({
    a: Type.String(),
    b: Type.Object({ c: Type.Integer(), d: Type.String() }),
    e: Type.Integer(),
    f: Type.String(),
  })
  const issues = check(schema, { e: 'x', b: { zzz: 1, c: 'x' }, a: 1 })
  expect(issues.map((issue) => issue.split(':')[0])).toEqual([
    'TYPE_MISMATCH driver_config.e',
    'UNKNOWN_FIELD driver_config.b.zzz',
    'TYPE_MISMATCH driver_config.b.c',
    'FIELD_REQUIRED driver_config.b.d',
    'TYPE_MISMATCH driver_config.a',
    'FIELD_REQUIRED driver_config.f',
  ])
})

test('a misplaced field is sent one level up or down', () => {
  const schema = Type.Object({
    pod: optional(Type.Object({ node_selector: optional(Type.String()) })),
    size: optional(Type.Integer()),
  })
  expect(check(schema, { nodeSelector: 'x' })[0]).toContain('did you mean "driver_config.pod.node_selector"?')
  expect(check(schema, { pod: { size: 1 } })[0]).toContain('did you mean "driver_config.size"?')
  expect(check(schema, { pod: { nodeSelector: 'x' } })[0]).toContain('did you mean "node_selector"?')
})

test('an issue has its properties in one order', () => {
  const result = defineDriverConfig('acme')
    .version(1, Type.Object({ size: optional(Type.Integer()) }), emptyExamples)
    .build()
    .safeParse({ sise: 1 })
  expect(JSON.stringify(result)).toBe(
    '{"ok":false,"issues":[{"code":"UNKNOWN_FIELD","severity":"error","fault":"user","pointer":"/sise","path":"driver_config.sise",' +
      '"message":"driver_config.sise: unknown field in schema_version 1; did you mean \\"size\\"?","fix":"Rename the key to \\"size\\".",' +
      '"suggestion":"size","schemaVersion":1}],"warnings":[]}',
  )
})

describe('both lines and plain JSON Schema', () => {
  const lines = [
    Type.Object({
      a: optional(Type.Tuple([Type.String(), Type.Integer()])),
      b: optional(Type.Record(Type.String(), Type.String())),
      c: optional(Type.Enum({ X: 'x', Y: 'y' })),
      d: Type.Union([Type.Null(), Type.String({ default: 'q' })]),
    }),
    Earlier.Object({
      d: Earlier.Union([Earlier.String({ default: 'q' }), Earlier.Null()]),
      c: Earlier.Optional(Earlier.Enum({ X: 'x', Y: 'y' })),
      b: Earlier.Optional(Earlier.Record(Earlier.String(), Earlier.String())),
      a: Earlier.Optional(Earlier.Tuple([Earlier.String(), Earlier.Integer()])),
    }),
    {
      type: 'object',
      required: ['d'],
      additionalProperties: false,
      properties: {
        a: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false },
        b: { type: 'object', additionalProperties: { type: 'string' } },
        c: { enum: ['x', 'y'] },
        d: { anyOf: [{ type: 'null' }, { type: 'string', default: 'q' }] },
      },
    },
  ].map((schema) =>
    defineDriverConfig('acme')
      .version(1, schema, showing({ d: null }))
      .build(),
  )

  test('have equal digests and equal published schemas', () => {
    const [first, ...others] = lines.map((config) => config.describe().each[0])
    for (const other of others) expect(other).toEqual(first)
    for (const config of lines) expect(config.schemas()[0]?.schema).toEqual(lines[0]?.schemas()[0]?.schema)
  })

  test('give the same reports', () => {
    const blocks = [{}, { d: 1, a: ['x'], b: { k: 1 }, c: 'z' }, { d: null, a: ['x', 1.5, 2] }]
    for (const block of blocks) {
      const [first, ...others] = lines.map((config) => JSON.stringify(config.safeParse(block)))
      for (const other of others) expect(other).toBe(first)
    }
  })
})
