import { Type as Earlier } from '@sinclair/typebox'
import { Ajv2020 } from 'ajv/dist/2020.js'
import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { lineageOf } from '../src/define/lineage-of.js'
import type { JsonObject } from '../src/envelope/index.js'
import {
  type ConfigRule,
  type DriverConfig,
  defineDriverConfig,
  exclusive,
  extensions,
  implies,
  opaque,
  requires,
  rule,
  withDefault,
} from '../src/index.js'
import { readSchema } from '../src/schema/read-schema.js'
import { generateValue } from '../src/testing/generate-value.js'
import { judgePublished } from '../src/testing/judge-published.js'
import { seededRandom } from '../src/testing/seeded-random.js'
import { mutateValue } from './random-document.js'
import { everyKind, plainConfig } from './sample-config.js'
import { emptyExamples, generatedExamples } from './version-examples.js'

const seed = Number(process.env['DRIVER_CONFIG_FUZZ_SEED'] ?? 20_270_131)
const runs = 20_000

describe('a published schema', () => {
  test(`accepts exactly what the driver accepts, in ${runs} documents (seed ${seed})`, () => {
    const published = plainConfig.at(2)?.schema ?? {}
    const accepts = new Ajv2020({ strict: false, validateFormats: false }).compile(published)
    const random = seededRandom(seed)
    const node = readSchema(everyKind)
    const verdicts = { accepted: 0, refused: 0 }
    for (let run = 0; run < runs; run += 1) {
      const valid = { schema_version: 2, ...(generateValue(random, node) as object) }
      const document = toJson(run % 3 === 0 ? valid : mutateValue(random, valid))
      if (document === undefined || !isOfVersion2(document)) continue
      const result = plainConfig.check(document)
      // Secrets and limits are run-time checks by design; what the structure accepts is what is compared.
      if (!result.ok && result.issues.every((issue) => runtimeOnly.has(issue.code))) continue
      if (accepts(document) !== result.ok) expect.fail(disagreement(run, document, result.ok))
      verdicts[result.ok ? 'accepted' : 'refused'] += 1
    }
    expect(verdicts.accepted).toBeGreaterThan(1_000)
    expect(verdicts.refused).toBeGreaterThan(1_000)
  })
})

describe('rules in a published schema', () => {
  const optional = Type.Optional
  const text = optional(Type.String())
  const pair = Type.Object({ a: text, b: withDefault(Type.Integer(), 1), c: optional(Type.Array(Type.String())) })
  const shape = Type.Object({
    a: text,
    b: text,
    c: text,
    part: optional(Type.Object({ deep: optional(pair) })),
    list: optional(Type.Array(pair)),
    pairs: optional(Type.Tuple([pair, pair])),
    named: optional(Type.Record(Type.String(), pair)),
    branch: optional(
      Type.Union([
        Type.Object({ type: Type.Literal('p'), a: text, b: text }),
        Type.Object({ type: Type.Literal('q'), b: text }),
      ]),
    ),
    either: optional(Type.Union([Type.String(), pair, Type.Null()])),
    // A place that is declared in one branch only: the rule judges free keys and unchecked JSON by name as well.
    mixed: optional(
      Type.Union([
        Type.Object({ type: Type.Literal('p'), in: pair }),
        Type.Object({ type: Type.Literal('q'), in: Type.Record(Type.String(), Type.Integer()) }),
      ]),
    ),
    any: optional(opaque('passed on')),
    flag: optional(Type.Boolean()),
    level: optional(Type.Integer({ minimum: 1, maximum: 2 })),
  })
  const portable = [
    requires('a', 'b'),
    requires('a', 'c'),
    requires('part.deep.a', 'part.deep.b'),
    exclusive('part.deep.a', 'part.deep.c'),
    exclusive('part.deep.b', 'part.deep.c'),
    requires('list[].a', 'list[].b'),
    exclusive('list[].a', 'list[].c'),
    exclusive('pairs[].a', 'pairs[].b'),
    requires('named{}.c', 'named{}.a'),
    requires('branch.b', 'branch.a'),
    exclusive('either.a', 'either.c'),
    implies({ field: 'flag', is: true }, { field: 'level', is: 2 }),
    implies({ field: 'flag', is: false }, { field: 'level', is: 1 }),
    implies({ field: 'list[].b', is: 1 }, { field: 'list[].a', is: '' }),
  ]
  const build = (rules: ConfigRule<unknown>[]) =>
    defineDriverConfig('acme').version(1, shape, emptyExamples).build({ rules })
  const config = build(portable)
  const schema = config.at(1)?.schema ?? {}
  const node = readSchema(shape)

  test(`give the driver's verdict, in ${runs / 4} documents (seed ${seed})`, () => {
    const accepts = new Ajv2020({ strict: false, validateFormats: false }).compile(schema)
    const random = seededRandom(seed)
    const verdicts = { accepted: 0, refused: 0 }
    for (let run = 0; run < runs / 4; run += 1) {
      const document = toJson({ schema_version: 1, ...(generateValue(random, node) as object) })
      const { ok } = config.check(document)
      if (accepts(document) !== ok) expect.fail(disagreement(run, document, ok))
      verdicts[ok ? 'accepted' : 'refused'] += 1
    }
    expect(verdicts.accepted).toBeGreaterThan(100)
    expect(verdicts.refused).toBeGreaterThan(100)
  })

  test('stand in the object whose members they name, in every branch', () => {
    expect(schema).toMatchObject({
      dependentRequired: { a: ['b', 'c'] },
      properties: {
        part: {
          properties: {
            deep: {
              dependentRequired: { a: ['b'] },
              not: { anyOf: [{ required: ['a', 'c'] }, { required: ['b', 'c'] }] },
            },
          },
        },
        list: { items: { dependentRequired: { a: ['b'] }, not: { required: ['a', 'c'] } } },
        pairs: { prefixItems: [{ not: { required: ['a', 'b'] } }, { not: { required: ['a', 'b'] } }] },
        named: { additionalProperties: { dependentRequired: { c: ['a'] } } },
        branch: { anyOf: [{ dependentRequired: { b: ['a'] } }, { dependentRequired: { b: ['a'] } }] },
      },
    })
    const [first] = schema['allOf'] as JsonObject[]
    expect(JSON.stringify(first)).toBe(
      '{"if":{"properties":{"flag":{"const":true}},"required":["flag"]},"then":{"properties":{"level":{"const":2}},"required":["level"]}}',
    )
    expect(schema).not.toHaveProperty('x-rules')
  })

  test('are no part of the shape', () => {
    const [ruled, free] = [config, build([])].map((each) => each.describe().each[0]?.shapeDigest)
    expect(ruled).toBe(free)
  })

  test('are listed when no keyword says them, and left out when they only warn', () => {
    const own = rule<unknown>('own', { reads: ['a'], revision: 3, description: 'a is right' }, () => undefined)
    const silent = rule<unknown>('silent', { reads: ['a'] }, () => undefined)
    const apart = requires('part.deep.a', 'a')
    const mixed = exclusive('mixed.in.a', 'mixed.in.b')
    const inAny = requires('any.a', 'any.b')
    const lists = exclusive('list[]', 'pairs')
    const same = exclusive('b', 'b')
    const soft = [own, exclusive('a', 'b')].map((each) => ({ ...each, enforce: 'warn' as const }))
    const { 'x-rules': listed, ...rest } =
      build([own, silent, apart, mixed, inAny, lists, same, ...soft]).at(1)?.schema ?? {}
    expect(rest).toEqual(build([]).at(1)?.schema)
    expect(listed).toEqual([
      { name: 'own', revision: 3, reads: ['a'], description: 'a is right' },
      { name: 'silent', revision: 1, reads: ['a'] },
      ...[apart, mixed, inAny, lists, same].map(({ name, reads, description }) => ({
        name,
        revision: 1,
        reads,
        description,
      })),
    ])
  })

  test('are held against the driver by the search of test suites', () => {
    const lineage = lineageOf(config)
    if (lineage === undefined) throw new Error('the config has a lineage')
    const subject = { config: config as unknown as DriverConfig<JsonObject>, lineage }
    const compile = (published: object) => new Ajv2020({ strict: false }).compile(published)
    const withoutRules = ({ dependentRequired: _, ...published }: JsonObject) => compile(published)
    expect(judgePublished(subject, compile)({ a: 'x' }, lineage.current)).toBeUndefined()
    expect(judgePublished(subject, withoutRules)({ a: 'x' }, lineage.current)).toMatch(
      /^the published schema accepts it, and the driver does not/,
    )
  })
})

describe('published examples', () => {
  const config = defineDriverConfig('acme')
    .version(1, Type.Object({ size: Type.Optional(Type.Integer()) }), {
      examples: {
        minimal: {},
        full: { size: 5 },
        invalid: [
          { value: { size: 'big' }, code: 'TYPE_MISMATCH', path: 'driver_config.size' },
          { value: [], code: 'CONFIG_NOT_OBJECT', path: 'driver_config' },
          { value: { size: Number.NaN }, code: 'VALUE_NOT_JSON', path: 'driver_config.size' },
        ],
      },
      deprecated: { size: { since: '1.1.0', message: 'Sizes are chosen by the driver.' } },
    })
    .build()

  test('carry the marker, and leave out what JSON cannot write', () => {
    expect(config.schemas()[0]?.examples).toEqual({
      minimal: { schema_version: 1 },
      full: { schema_version: 1, size: 5 },
      invalid: [
        { value: { schema_version: 1, size: 'big' }, code: 'TYPE_MISMATCH', path: 'driver_config.size' },
        { value: [], code: 'CONFIG_NOT_OBJECT', path: 'driver_config' },
      ],
    })
  })

  test('stand beside what is deprecated in the description', () => {
    expect(config.describe().each[0]?.deprecated).toEqual({
      size: { since: '1.1.0', message: 'Sizes are chosen by the driver.' },
    })
  })
})

const runtimeOnly = new Set<string>(['SECRET_NOT_ALLOWED', 'KEY_FORBIDDEN', 'VALUE_NOT_JSON'])

function disagreement(run: number, document: unknown, ok: boolean): string {
  return `run ${run}: the driver ${ok ? 'accepts' : 'refuses'} ${JSON.stringify(document)}, the schema does not`
}

/** The document as it travels; `undefined` for what JSON cannot write. */
function toJson(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value))
  } catch {
    return undefined
  }
}

function isOfVersion2(document: unknown): boolean {
  return typeof document === 'object' && document !== null && Reflect.get(document, 'schema_version') === 2
}

describe('both TypeBox lines', () => {
  // Every kind of schema that the dialect has, written in each line and in another order of members.
  const later = [
    Type.Object({ a: Type.Optional(Type.String({ minLength: 1, maxLength: 9, pattern: '^[a-z]*$' })) }),
    Type.Object({
      a: Type.Integer({ minimum: 1, maximum: 9, multipleOf: 3 }),
      b: Type.Number({ exclusiveMinimum: 0 }),
    }),
    Type.Object({ a: withDefault(Type.Boolean(), true), b: Type.Union([Type.Null(), Type.Integer()]) }),
    Type.Object({ a: Type.Literal('x'), b: Type.Union([Type.Literal('y'), Type.Literal('x')]) }),
    Type.Object({ a: Type.Enum({ X: 'x', Y: 'y' }) }),
    Type.Object({ a: Type.Array(Type.String(), { minItems: 1, maxItems: 3, uniqueItems: true }) }),
    Type.Object({ a: Type.Tuple([Type.String(), Type.Object({ b: Type.Boolean() })]) }),
    Type.Object({ a: Type.Record(Type.String(), Type.Integer()) }),
    Type.Object({ a: Type.Record(Type.String({ pattern: '^x-[a-z]{1,9}$', maxLength: 11 }), Type.String()) }),
    Type.Object({
      a: Type.Union([
        Type.Object({ type: Type.Literal('p'), b: Type.Optional(Type.String()) }),
        Type.Object({ type: Type.Literal('q') }),
      ]),
    }),
    Type.Object({ a: Type.String({ format: 'host-path', title: 'A', description: 'B' }) }),
    Type.Object({ a: Type.Optional(opaque('any')), b: Type.Optional(extensions()) }),
  ]
  const earlier = [
    Earlier.Object({ a: Earlier.Optional(Earlier.String({ pattern: '^[a-z]*$', maxLength: 9, minLength: 1 })) }),
    Earlier.Object({
      b: Earlier.Number({ exclusiveMinimum: 0 }),
      a: Earlier.Integer({ multipleOf: 3, maximum: 9, minimum: 1 }),
    }),
    Earlier.Object({ b: Earlier.Union([Earlier.Integer(), Earlier.Null()]), a: withDefault(Earlier.Boolean(), true) }),
    Earlier.Object({ b: Earlier.Union([Earlier.Literal('x'), Earlier.Literal('y')]), a: Earlier.Literal('x') }),
    Earlier.Object({ a: Earlier.Enum({ X: 'x', Y: 'y' }) }),
    Earlier.Object({ a: Earlier.Array(Earlier.String(), { uniqueItems: true, maxItems: 3, minItems: 1 }) }),
    Earlier.Object({ a: Earlier.Tuple([Earlier.String(), Earlier.Object({ b: Earlier.Boolean() })]) }),
    Earlier.Object({ a: Earlier.Record(Earlier.String(), Earlier.Integer()) }),
    Earlier.Object({
      a: Earlier.Record(Earlier.String({ pattern: '^x-[a-z]{1,9}$', maxLength: 11 }), Earlier.String()),
    }),
    Earlier.Object({
      a: Earlier.Union([
        Earlier.Object({ type: Earlier.Literal('q') }),
        Earlier.Object({ b: Earlier.Optional(Earlier.String()), type: Earlier.Literal('p') }),
      ]),
    }),
    Earlier.Object({ a: Earlier.String({ description: 'B', title: 'A', format: 'host-path' }) }),
    Earlier.Object({
      b: Earlier.Optional(Earlier.Unsafe({ ...extensions() })),
      a: Earlier.Optional(Earlier.Unsafe({ ...opaque('any') })),
    }),
  ]

  test.each(later.map((schema, index) => [index, schema, earlier[index] ?? {}] as const))(
    '%#: give equal digests, equal schemas and equal reports',
    (_, first, second) => {
      const [one, other] = [first, second].map((schema) =>
        defineDriverConfig('acme').version(1, schema, generatedExamples(schema)).build(),
      )
      expect(other?.describe().each).toEqual(one?.describe().each)
      expect(other?.schemas().map(({ schema }) => schema)).toEqual(one?.schemas().map(({ schema }) => schema))
      const random = seededRandom(seed)
      const node = readSchema(first)
      for (let run = 0; run < 200; run += 1) {
        const valid = generateValue(random, node)
        const document = run % 3 === 0 ? valid : mutateValue(random, valid)
        // Missing fields are reported in the order of declaration, which differs here.
        expect(verdict(other?.check(document))).toEqual(verdict(one?.check(document)))
      }
    },
  )
})

function verdict(result: { readonly ok: boolean } | undefined): unknown {
  if (result === undefined || !('issues' in result)) return result
  const { issues } = result as { issues: readonly { readonly code: string; readonly path: string }[] }
  return issues.map(({ code, path }) => `${path} ${code}`).sort()
}
