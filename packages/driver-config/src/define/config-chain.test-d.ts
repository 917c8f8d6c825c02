import { Type as Earlier, type Static as EarlierStatic } from '@sinclair/typebox'
import Type, { type Static as LaterStatic } from 'typebox'
import { describe, expectTypeOf, test } from 'vitest'
import { extensions, opaque } from '../schema/opaque.js'
import { withDefault } from '../schema/with-default.js'
import type { VersionExamples } from './config-chain.js'
import { defineDriverConfig } from './define-driver-config.js'
import type { Resolved } from './driver-config.js'

// What the types of migrations ask for does not depend on what the examples are.
const examples = {} as VersionExamples<never>

// A chain that alternates the TypeBox lines: 0.34, 1.x, 0.34.
const earlierItem = Earlier.Object({ source: Earlier.String(), ro: Earlier.Optional(Earlier.Boolean()) })
const V1 = Earlier.Object({ size: Earlier.Optional(Earlier.String()), mounts: Earlier.Array(earlierItem) })
const item = Type.Object({ source: Type.String(), read_only: Type.Boolean() })
const V2 = Type.Object({
  size_bytes: Type.Integer(),
  mounts: Type.Array(item),
  quota: Type.Optional(Type.Object({ soft: Type.Integer() })),
})
const V3 = Earlier.Object({
  bytes: Earlier.Integer(),
  mode: Earlier.Union([Earlier.Literal('a'), Earlier.Literal('b')]),
})

const one = defineDriverConfig('acme').version(1, V1, { examples })
const two = one.version(2, V2, { examples, up: () => ({ size_bytes: 1, mounts: [] }) })

describe('a migration is refused by the compiler when', () => {
  test('it returns a wrong type', () => {
    // @ts-expect-error size_bytes is a number
    one.version(2, V2, { examples, up: () => ({ size_bytes: '1', mounts: [] }) })
    // @ts-expect-error mode is 'a' or 'b'
    two.version(3, V3, { examples, up: () => ({ bytes: 1, mode: 'c' }) })
  })

  test('it reads a field that the version before does not have', () => {
    // @ts-expect-error there is no sizes
    one.version(2, V2, { examples, up: (previous) => ({ size_bytes: Number(previous.sizes), mounts: [] }) })
    // @ts-expect-error there is no size any more
    two.version(3, V3, { examples, up: (previous) => ({ bytes: previous.size, mode: 'a' }) })
  })

  test('it returns an extra key', () => {
    // @ts-expect-error extra is not declared
    one.version(2, V2, { examples, up: () => ({ size_bytes: 1, mounts: [], extra: 1 }) })
  })

  test('it spreads a value that holds a removed key', () => {
    // @ts-expect-error size is gone
    one.version(2, V2, { examples, up: (previous) => ({ ...previous, size_bytes: 1, mounts: [] }) })
  })

  test('it leaves a required key out', () => {
    // @ts-expect-error mounts is required
    one.version(2, V2, { examples, up: () => ({ size_bytes: 1 }) })
  })

  test('an item of a list has an extra key', () => {
    one.version(2, V2, {
      examples,
      // @ts-expect-error ro is gone
      up: () => ({ size_bytes: 1, mounts: [{ source: 'a', read_only: true, ro: true }] }),
    })
  })

  test('a mapped item has an extra key', () => {
    one.version(2, V2, {
      examples,
      // @ts-expect-error ro is gone
      up: (previous) => ({ size_bytes: 1, mounts: previous.mounts.map((each) => ({ ...each, read_only: true })) }),
    })
  })

  test('an optional object has an extra key', () => {
    // @ts-expect-error hard is not declared
    one.version(2, V2, { examples, up: () => ({ size_bytes: 1, mounts: [], quota: { soft: 1, hard: 2 } }) })
  })

  test('the schema declares a reserved root key', () => {
    // @ts-expect-error schema_version is reserved
    defineDriverConfig('acme').version(1, Type.Object({ schema_version: Type.Integer() }), { examples })
    // @ts-expect-error $schema is reserved
    one.version(2, Earlier.Object({ $schema: Earlier.String() }), { examples, up: () => ({ $schema: '' }) })
  })

  test('it is asynchronous, also when every field is optional', () => {
    const allOptional = Type.Object({ size: Type.Optional(Type.String()) })
    // @ts-expect-error a promise is not a value
    one.version(2, allOptional, { examples, up: async () => ({}) })
  })

  test('it changes the value that it is given', () => {
    one.version(2, V2, {
      examples,
      up: (previous) => {
        // @ts-expect-error size is read-only
        previous.size = 'x'
        // @ts-expect-error items are read-only
        previous.mounts[0] = { source: 'x' }
        return { size_bytes: 1, mounts: [] }
      },
    })
  })

  test('down returns the wrong shape', () => {
    // @ts-expect-error mounts is required in version 1
    one.version(2, V2, { examples, up: () => ({ size_bytes: 1, mounts: [] }), down: () => ({ size: 'x' }) })
  })
})

describe('a version is refused by the compiler when', () => {
  const show = {
    minimal: {},
    full: {},
    invalid: [{ value: 5, code: 'CONFIG_NOT_OBJECT', path: 'driver_config' }],
  } as const

  test('it has no examples, or none that is invalid', () => {
    const optional = Type.Object({ size: Type.Optional(Type.String()) })
    defineDriverConfig('acme').version(1, optional, { examples: show })
    // @ts-expect-error examples are required
    defineDriverConfig('acme').version(1, optional)
    // @ts-expect-error examples are required
    defineDriverConfig('acme').version(1, optional, {})
    // @ts-expect-error one invalid example is required
    defineDriverConfig('acme').version(1, optional, { examples: { minimal: {}, full: {}, invalid: [] } })
    // @ts-expect-error examples are required after the first version as well
    one.version(2, optional, { up: () => ({}) })
  })

  test('its examples are of another shape', () => {
    const sized = Type.Object({ size: Type.Integer() })
    // @ts-expect-error size is required
    defineDriverConfig('acme').version(1, sized, { examples: show })
    // @ts-expect-error size is a number
    defineDriverConfig('acme').version(1, sized, { examples: { ...show, minimal: { size: '1' }, full: { size: 1 } } })
  })
})

describe('a version number is refused by the compiler when', () => {
  test('it is not the next one', () => {
    // @ts-expect-error 3 leaves a gap
    one.version(3, V2, { examples, up: () => ({ size_bytes: 1, mounts: [] }) })
    // @ts-expect-error 1 is a duplicate
    one.version(1, V2, { examples, up: () => ({ size_bytes: 1, mounts: [] }) })
    // @ts-expect-error 2 is a duplicate
    two.version(2, V3, { examples, up: () => ({ bytes: 1, mode: 'a' }) })
  })

  test('the first is not a whole number from 1', () => {
    // @ts-expect-error 0 is not a version
    defineDriverConfig('acme').version(0, V1, { examples })
    // @ts-expect-error negative numbers are not versions
    defineDriverConfig('acme').version(-1, V1, { examples })
    // @ts-expect-error fractions are not versions
    defineDriverConfig('acme').version(1.5, V1, { examples })
  })

  test('the first is any number from 1', () => {
    const seventh = defineDriverConfig('acme').version(7, V1, { examples })
    seventh.version(8, V2, { examples, up: () => ({ size_bytes: 1, mounts: [] }) })
  })
})

describe('a migration compiles when it returns', () => {
  test('literals of a union', () => {
    two.version(3, V3, { examples, up: (previous) => ({ bytes: previous.size_bytes, mode: 'a' }) })
    two.version(3, V3, { examples, up: (previous) => ({ bytes: 1, mode: previous.size_bytes > 1 ? 'a' : 'b' }) })
  })

  const variants = Type.Object({
    mounts: Type.Array(
      Type.Union([
        Type.Object({ type: Type.Literal('bind'), source: Type.String() }),
        Type.Object({ type: Type.Literal('tmpfs'), size: Type.Optional(Type.Integer()) }),
      ]),
    ),
  })

  test('members of a union, inline, conditional and mapped', () => {
    one.version(2, variants, { examples, up: () => ({ mounts: [{ type: 'bind', source: 'a' }, { type: 'tmpfs' }] }) })
    one.version(2, variants, {
      examples,
      up: (previous) => ({
        mounts: [previous.size === undefined ? { type: 'tmpfs' } : { type: 'bind', source: previous.size }],
      }),
    })
    one.version(2, variants, {
      examples,
      up: (previous) => ({ mounts: previous.mounts.map((each) => ({ type: 'bind', source: each.source })) }),
    })
  })

  test('tuples, records, null unions and unknown values', () => {
    const shape = Type.Object({
      pair: Type.Tuple([Type.String(), Type.Integer()]),
      labels: Type.Record(Type.String(), Type.String()),
      note: Type.Union([Type.String(), Type.Null()]),
      rest: Type.Unknown(),
    })
    one.version(2, shape, {
      examples,
      up: () => ({ pair: ['a', 1], labels: { a: 'b' }, note: null, rest: { any: [1] } }),
    })
    one.version(2, shape, {
      examples,
      up: (previous) => ({
        pair: ['a', 1],
        labels: Object.fromEntries(previous.mounts.map((each) => [each.source, 'x'])),
        note: previous.size ?? null,
        rest: 1,
      }),
    })
  })

  test('the value itself, when the shapes are equal', () => {
    one.version(2, V1, { examples, up: (previous) => previous })
  })

  test('an item that needs no key', () => {
    const loose = Type.Object({ items: Type.Array(Type.Object({ a: Type.Optional(Type.String()) })) })
    one.version(2, loose, { examples, up: () => ({ items: [{}] }) })
  })

  test('a value for plain JSON Schema', () => {
    const plain = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } as const
    one.version(2, plain, { examples, up: (previous) => ({ name: previous.size ?? 'none' }) })
    // @ts-expect-error name is a string
    one.version(2, plain, { examples, up: () => ({ name: 1 }) })
  })
})

describe('the type of a handler', () => {
  const completed = Type.Object({
    size: withDefault(Type.Integer(), 1),
    name: Type.Optional(Type.String()),
    plain: Type.Optional(Type.String({ default: 'x' })),
  })
  const earlierCompleted = Earlier.Object({
    size: withDefault(Earlier.Integer(), 1),
    list: withDefault(Earlier.Array(Earlier.Object({ path: Earlier.String() })), []),
    name: Earlier.Optional(Earlier.String()),
  })

  test('has members with withDefault as required ones, for both lines', () => {
    const config = defineDriverConfig('acme').version(1, completed, { examples }).build()
    expectTypeOf<Resolved<typeof config>>().toEqualTypeOf<{
      readonly size: number
      readonly name?: string
      readonly plain?: string
    }>()
    const earlier = defineDriverConfig('acme').version(1, earlierCompleted, { examples }).build()
    expectTypeOf<Resolved<typeof earlier>>().toEqualTypeOf<{
      readonly size: number
      readonly list: readonly { readonly path: string }[]
      readonly name?: string
    }>()
  })

  test('requires members with a default in nested objects and lists as well, in both lines', () => {
    const nested = Type.Object({
      pod: Type.Optional(Type.Object({ ready: withDefault(Type.Boolean(), true), note: Type.Optional(Type.String()) })),
      mounts: Type.Array(Type.Object({ source: Type.String(), read_only: withDefault(Type.Boolean(), true) })),
    })
    const config = defineDriverConfig('acme').version(1, nested, { examples }).build()
    type Expected = {
      readonly pod?: { readonly ready: boolean; readonly note?: string }
      readonly mounts: readonly { readonly source: string; readonly read_only: boolean }[]
    }
    expectTypeOf<Resolved<typeof config>>().toEqualTypeOf<Expected>()
    const before = Earlier.Object({
      pod: Earlier.Optional(
        Earlier.Object({ ready: withDefault(Earlier.Boolean(), true), note: Earlier.Optional(Earlier.String()) }),
      ),
      mounts: Earlier.Array(
        Earlier.Object({ source: Earlier.String(), read_only: withDefault(Earlier.Boolean(), true) }),
      ),
    })
    const earlier = defineDriverConfig('acme').version(1, before, { examples }).build()
    expectTypeOf<Resolved<typeof earlier>>().toEqualTypeOf<Expected>()
  })

  test('requires members with a default in the branches of unions, in both lines and with null', () => {
    const mount = Type.Union([
      Type.Object({ type: Type.Literal('bind'), source: Type.String(), read_only: withDefault(Type.Boolean(), true) }),
      Type.Object({ type: Type.Literal('tmpfs'), size: Type.Optional(Type.Integer()) }),
    ])
    const schema = Type.Object({
      mounts: withDefault(Type.Array(mount), []),
      first: Type.Optional(mount),
      limits: Type.Union([Type.Object({ cpu: withDefault(Type.Integer(), 1) }), Type.Null()]),
      mode: Type.Optional(Type.Union([Type.Literal('a'), Type.Literal('b')])),
    })
    type Mount =
      | { readonly type: 'bind'; readonly source: string; readonly read_only: boolean }
      | { readonly type: 'tmpfs'; readonly size?: number }
    type Expected = {
      readonly mounts: readonly Mount[]
      readonly first?: Mount
      readonly limits: { readonly cpu: number } | null
      readonly mode?: 'a' | 'b'
    }
    const config = defineDriverConfig('acme').version(1, schema, { examples }).build()
    expectTypeOf<Resolved<typeof config>>().toEqualTypeOf<Expected>()
    const root = defineDriverConfig('acme').version(1, mount, { examples }).build()
    expectTypeOf<Resolved<typeof root>>().toEqualTypeOf<Mount>()

    const before = Earlier.Object({
      mounts: Earlier.Array(
        Earlier.Union([
          Earlier.Object({ type: Earlier.Literal('bind'), read_only: withDefault(Earlier.Boolean(), true) }),
          Earlier.Object({ type: Earlier.Literal('tmpfs') }),
        ]),
      ),
    })
    const earlier = defineDriverConfig('acme').version(1, before, { examples }).build()
    expectTypeOf<Resolved<typeof earlier>>().toEqualTypeOf<{
      readonly mounts: readonly ({ readonly type: 'bind'; readonly read_only: boolean } | { readonly type: 'tmpfs' })[]
    }>()
  })

  test('takes unchecked JSON inside the wrappers of both lines', () => {
    const later = Type.Object({ any: Type.Optional(opaque('x')), bag: Type.Readonly(Type.Optional(extensions())) })
    const before = Earlier.Object({
      any: Earlier.Optional(opaque('x')),
      bag: Earlier.Readonly(Earlier.Optional(extensions())),
      either: Earlier.Union([extensions(), Earlier.Null()]),
    })
    expectTypeOf<LaterStatic<typeof later>>().toEqualTypeOf<{
      any?: unknown
      readonly bag?: Record<string, unknown>
    }>()
    expectTypeOf<EarlierStatic<typeof before>['bag']>().toEqualTypeOf<Record<string, unknown> | undefined>()
    expectTypeOf<EarlierStatic<typeof before>['either']>().toEqualTypeOf<Record<string, unknown> | null>()
    const config = defineDriverConfig('acme').version(1, later, { examples }).build()
    const { any, bag } = config.parse({})
    expectTypeOf(bag?.['x.example/y'] === any).toEqualTypeOf<boolean>()
    // @ts-expect-error a bag is an object
    config.block({ bag: 5 })
  })

  test('is what safeParse gives, and the builder takes the input', () => {
    const config = defineDriverConfig('acme').version(1, completed, { examples }).build()
    const result = config.safeParse({})
    if (result.ok) expectTypeOf(result.value.size).toEqualTypeOf<number>()
    config.block({})
    config.block({ size: 2, name: 'x' })
    // @ts-expect-error size is a number
    config.block({ size: '2' })
    // @ts-expect-error sizes is not declared
    config.block({ sizes: 2 })
  })

  test('reaches the next migration', () => {
    defineDriverConfig('acme')
      .version(1, completed, { examples })
      .version(2, V2, { examples, up: (previous) => ({ size_bytes: previous.size, mounts: [] }) })
  })

  test('agrees with the type that the 0.34 line gives', () => {
    const config = defineDriverConfig('acme').version(1, V3, { examples }).build()
    expectTypeOf<Resolved<typeof config>>().toEqualTypeOf<Readonly<EarlierStatic<typeof V3>>>()
  })
})
