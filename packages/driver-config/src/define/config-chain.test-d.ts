import { Type as Earlier } from '@sinclair/typebox'
import Type from 'typebox'
import { describe, test } from 'vitest'
import type { VersionExamples } from './config-chain.js'
import { defineDriverConfig } from './define-driver-config.js'

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
