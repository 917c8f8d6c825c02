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

  test('is the output of the Standard Schema, and a marked block of the current version its input', () => {
    const config = defineDriverConfig('acme').version(1, completed, { examples }).build()
    type Types = NonNullable<(typeof config)['~standard']['types']>
    expectTypeOf<Types['output']>().toEqualTypeOf<Resolved<typeof config>>()
    expectTypeOf<{ schema_version: 1; name: string }>().toExtend<Types['input']>()
    expectTypeOf<{ name: string }>().not.toExtend<Types['input']>()
    expectTypeOf<{ schema_version: 1; name: number }>().not.toExtend<Types['input']>()
  })

  test('reaches the next migration', () => {
    defineDriverConfig('acme')
      .version(1, completed, { examples })
      .version(2, Type.Object({ bytes: Type.Integer() }), { examples, up: (previous) => ({ bytes: previous.size }) })
  })

  test('agrees with the type that the 0.34 line gives', () => {
    const schema = Earlier.Object({
      bytes: Earlier.Integer(),
      mode: Earlier.Union([Earlier.Literal('a'), Earlier.Literal('b')]),
    })
    const config = defineDriverConfig('acme').version(1, schema, { examples }).build()
    expectTypeOf<Resolved<typeof config>>().toEqualTypeOf<Readonly<EarlierStatic<typeof schema>>>()
  })
})
