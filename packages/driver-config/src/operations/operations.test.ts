import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { generatedExamples } from '../../test/version-examples.js'
import { defineDriverConfig } from '../define/define-driver-config.js'
import { code } from './code.js'
import { convert } from './convert.js'
import { convertUnit } from './convert-unit.js'
import { drop } from './drop.js'
import { each, inVariant } from './each.js'
import { mapEnum } from './map-enum.js'
import { move, rename } from './move.js'
import type { Operation } from './operation.js'
import { operations } from './operations.js'
import { setDefault } from './set-default.js'
import { unwrap, wrap, wrapList } from './wrap.js'

const optional = Type.Optional
const build = (v1: object, v2: object, ...list: Operation[]) =>
  defineDriverConfig('acme')
    .version(1, v1, generatedExamples(v1))
    .version(2, v2, { ...generatedExamples(v2), up: operations(...list) })
    .build()

function up(config: ReturnType<typeof build>, value: object): unknown {
  const result = config.safeParse({ ...value, schema_version: 1 })
  if (!result.ok) return result.issues.map((issue) => `${issue.code} ${issue.message}`)
  return result.warnings.length === 0
    ? result.value
    : { value: result.value, notes: result.warnings.map((note) => note.message) }
}

function down(config: ReturnType<typeof build>, value: object): unknown {
  const result = config.migrate({ ...value, schema_version: 2 }, { to: 1 })
  if (!result.ok) return result.issues.map((issue) => `${issue.code} ${issue.message}`)
  const { schema_version: _marker, ...rest } = result.value as Record<string, unknown>
  return result.warnings.length === 0 ? rest : { value: rest, notes: result.warnings.map((note) => note.message) }
}

describe('rename', () => {
  const config = build(
    Type.Object({ mounts: optional(Type.Array(Type.Object({ ro: optional(Type.Boolean()) }))) }),
    Type.Object({ mounts: optional(Type.Array(Type.Object({ read_only: optional(Type.Boolean()) }))) }),
    rename('mounts[].ro', 'read_only'),
  )

  test('goes there and back, in every item', () => {
    expect(up(config, { mounts: [{ ro: true }, {}] })).toEqual({ mounts: [{ read_only: true }, {}] })
    expect(down(config, { mounts: [{ read_only: true }, {}] })).toEqual({ mounts: [{ ro: true }, {}] })
  })

  test('feeds the hints', () => {
    const result = config.check({ schema_version: 2, mounts: [{ ro: true }] })
    expect(result).toMatchObject({
      issues: [{ code: 'FIELD_REPLACED', path: 'driver_config.mounts[0].ro', suggestion: 'read_only' }],
    })
  })

  test('is refused at build when the field is not there or the name is taken', () => {
    const v1 = Type.Object({ a: optional(Type.String()), b: optional(Type.String()) })
    expect(() => build(v1, v1, rename('c', 'd'))).toThrow('the version before has no "c"')
    expect(() => build(v1, v1, rename('a', 'b'))).toThrow('has a field "b" already')
    expect(() => rename('a[', 'b')).toThrow('not a path')
  })
})

describe('move', () => {
  const config = build(
    Type.Object({ cpu: optional(Type.Integer()), name: optional(Type.String()) }),
    Type.Object({
      limits: optional(Type.Object({ cpu_milli: optional(Type.Integer()) })),
      name: optional(Type.String()),
    }),
    move('cpu', 'limits.cpu_milli'),
  )

  test('creates the parent, and removes it on the way back', () => {
    expect(up(config, { cpu: 1, name: 'x' })).toEqual({ limits: { cpu_milli: 1 }, name: 'x' })
    expect(up(config, { name: 'x' })).toEqual({ name: 'x' })
    expect(down(config, { limits: { cpu_milli: 1 } })).toEqual({ cpu: 1 })
    expect(down(config, { limits: {} })).toEqual({
      value: {},
      notes: ['driver_config: the empty parent of "limits.cpu_milli" has no place in the older version'],
    })
  })

  test('does not cross the border of a list', () => {
    expect(() => move('a[].b', 'c')).toThrow('cannot move into or out of a list')
  })

  test('is refused at build when the place is taken', () => {
    const v1 = Type.Object({ a: optional(Type.String()), b: optional(Type.Object({ a: optional(Type.String()) })) })
    expect(() => build(v1, v1, move('a', 'b.a'))).toThrow('has a field "a" already')
  })
})

test('drop notes what a document loses', () => {
  const config = build(
    Type.Object({ quota: optional(Type.String()) }),
    Type.Object({}),
    drop('quota', { reason: 'no equivalent' }),
  )
  expect(up(config, {})).toEqual({})
  expect(up(config, { quota: 'hunter2' })).toEqual({
    value: {},
    notes: ['driver_config: dropped "quota": no equivalent'],
  })
  expect(config.check({ schema_version: 2, quota: 'x' })).toMatchObject({
    issues: [{ code: 'UNKNOWN_FIELD', message: expect.stringContaining('"quota" was removed in schema_version 2') }],
  })
})

test('setDefault keeps the meaning that absence had', () => {
  const config = build(
    Type.Object({ a: optional(Type.Integer()) }),
    Type.Object({ a: optional(Type.Integer()), mode: Type.Union([Type.Literal('old'), Type.Literal('new')]) }),
    setDefault('mode', 'old'),
  )
  expect(up(config, { a: 1 })).toEqual({ a: 1, mode: 'old' })
  expect(down(config, { a: 1, mode: 'old' })).toEqual({ a: 1 })
  expect(down(config, { mode: 'new' })).toEqual({
    value: {},
    notes: ['driver_config: "mode" has no place in the older version'],
  })
})

test('wrap and unwrap go there and back', () => {
  const flat = Type.Object({ image: optional(Type.String()) })
  const deep = Type.Object({ image: optional(Type.Object({ name: Type.String() })) })
  const wrapping = build(flat, deep, wrap('image', 'name'))
  expect(up(wrapping, { image: 'x' })).toEqual({ image: { name: 'x' } })
  expect(down(wrapping, { image: { name: 'x' } })).toEqual({ image: 'x' })
  const unwrapping = build(deep, flat, unwrap('image', 'name'))
  expect(up(unwrapping, { image: { name: 'x' } })).toEqual({ image: 'x' })
  expect(down(unwrapping, { image: 'x' })).toEqual({ image: { name: 'x' } })
  expect(() => build(flat, flat, unwrap('image', 'name'))).toThrow('not an object with the one required field')
})

test('wrapList makes one item, and keeps the first on the way back', () => {
  const config = build(
    Type.Object({ device: optional(Type.String()) }),
    Type.Object({ device: optional(Type.Array(Type.String())) }),
    wrapList('device'),
  )
  expect(up(config, { device: 'a' })).toEqual({ device: ['a'] })
  expect(down(config, { device: ['a'] })).toEqual({ device: 'a' })
  expect(down(config, { device: ['a', 'b'] })).toMatchObject({ value: { device: 'a' }, notes: [expect.anything()] })
})

describe('mapEnum', () => {
  const oldMode = Type.Object({ mode: optional(Type.Union([Type.Literal('a'), Type.Literal('b')])) })
  const newMode = Type.Object({ mode: optional(Type.Union([Type.Literal('x'), Type.Literal('y')])) })

  test('is exact when no two values become one', () => {
    const config = build(oldMode, newMode, mapEnum('mode', { a: 'x', b: 'y' }))
    expect(up(config, { mode: 'b' })).toEqual({ mode: 'y' })
    expect(down(config, { mode: 'y' })).toEqual({ mode: 'b' })
  })

  test('has no way back otherwise', () => {
    const config = build(oldMode, newMode, mapEnum('mode', { a: 'x', b: 'x' }))
    expect(down(config, { mode: 'x' })).toEqual([
      expect.stringMatching(/^MIGRATION_FAILED .*no migration from schema_version 2 to 1/),
    ])
  })

  test('names every old value', () => {
    expect(() => build(oldMode, newMode, mapEnum('mode', { a: 'x' }))).toThrow('missing b')
    expect(() => build(oldMode, newMode, mapEnum('mode', { a: 'x', b: 'y', c: 'y' }))).toThrow('unknown c')
    expect(() => build(oldMode, newMode, mapEnum('mode', { a: 'x', b: 'z' }))).toThrow('the value "z" is gone')
  })
})

describe('convertUnit', () => {
  const seconds = Type.Object({ timeout: optional(Type.Integer({ minimum: 0, maximum: 600 })) })
  const milliseconds = Type.Object({ timeout: optional(Type.Integer({ minimum: 0, maximum: 600_000 })) })

  test('multiplies, and rounds down with a note on the way back', () => {
    const config = build(seconds, milliseconds, convertUnit('timeout', { from: 's', to: 'ms' }))
    expect(up(config, { timeout: 5 })).toEqual({ timeout: 5000 })
    expect(down(config, { timeout: 5000 })).toEqual({ timeout: 5 })
    expect(down(config, { timeout: 5001 })).toMatchObject({
      value: { timeout: 5 },
      notes: [expect.stringContaining('rounded down')],
    })
  })

  test('is refused at build when documents would not fit or divide', () => {
    const tight = Type.Object({ timeout: optional(Type.Integer({ minimum: 0, maximum: 60_000 })) })
    expect(() => build(seconds, tight, convertUnit('timeout', { from: 's', to: 'ms' }))).toThrow('values above 60000')
    expect(() => build(milliseconds, seconds, convertUnit('timeout', { from: 'ms', to: 's' }))).toThrow(
      'divides by 1000',
    )
    expect(() => convertUnit('timeout', { from: 's', to: 'Gi' })).toThrow('do not measure the same')
  })
})

test('convert uses a named codec and fails for what it does not take', () => {
  const config = build(
    Type.Object({ size: optional(Type.String({ maxLength: 20 })) }),
    Type.Object({ size: optional(Type.Integer()) }),
    convert('size', 'quantity-to-bytes'),
  )
  expect(up(config, { size: '1.5Gi' })).toEqual({ size: 1_610_612_736 })
  for (const [size, bytes] of Object.entries({ '1e3': 1_000, '+2k': 2_000, '1500m': 2, '.5': 1 }))
    expect(up(config, { size })).toEqual({ size: bytes })
  expect(down(config, { size: 7 })).toEqual({ size: '7' })
  expect(up(config, { size: 'hunter2' })).toEqual([
    'MIGRATION_FAILED driver_config: the migration from schema_version 1 to 2 failed. This is a bug in driver acme; please report it to its author.',
  ])
  const durations = build(
    Type.Object({ t: optional(Type.String({ maxLength: 20 })) }),
    Type.Object({ t: optional(Type.Integer()) }),
    convert('t', 'duration-to-ms'),
  )
  expect(up(durations, { t: '1h30m' })).toEqual({ t: 5_400_000 })
})

test('each and inVariant work inside items and branches', () => {
  const mounts = (source: string, flag: string) =>
    Type.Object({
      mounts: Type.Array(
        Type.Union([
          Type.Object({ type: Type.Literal('bind'), [source]: Type.String() }),
          Type.Object({ type: Type.Literal('tmpfs'), src: optional(Type.String()) }),
        ]),
      ),
      pods: optional(Type.Array(Type.Object({ [flag]: optional(Type.Boolean()) }))),
    })
  const config = build(
    mounts('src', 'ro'),
    mounts('source', 'read_only'),
    inVariant('mounts[]', 'bind', [rename('src', 'source')]),
    each('pods[]', [rename('ro', 'read_only')]),
  )
  const older = {
    mounts: [
      { type: 'bind', src: '/a' },
      { type: 'tmpfs', src: 'x' },
    ],
    pods: [{ ro: true }],
  }
  const newer = {
    mounts: [
      { type: 'bind', source: '/a' },
      { type: 'tmpfs', src: 'x' },
    ],
    pods: [{ read_only: true }],
  }
  expect(up(config, older)).toEqual(newer)
  expect(down(config, newer)).toEqual(older)
  expect(config.check({ schema_version: 2, mounts: [], pods: [{ ro: true }] })).toMatchObject({
    issues: [{ code: 'FIELD_REPLACED', suggestion: 'read_only' }],
  })
})

test('code is opaque, and its table feeds the hints', () => {
  const config = build(
    Type.Object({ size: optional(Type.String()) }),
    Type.Object({ size_bytes: optional(Type.Integer()) }),
    code(({ size }) => (size === undefined ? {} : { size_bytes: Number(size) }), { replaces: { size: 'size_bytes' } }),
  )
  expect(up(config, { size: '7' })).toEqual({ size_bytes: 7 })
  expect(config.check({ schema_version: 2, size: '7' })).toMatchObject({ issues: [{ code: 'FIELD_REPLACED' }] })
})

test('operations are published as data', () => {
  const config = build(
    Type.Object({ a: optional(Type.String()) }),
    Type.Object({ b: optional(Type.String()) }),
    rename('a', 'b'),
  )
  expect(config.describe().each[1]?.operations).toEqual([{ op: 'rename', path: 'a', to: 'b' }])
})

test('operations that leave documents behind are refused at build', () => {
  const v1 = Type.Object({ a: optional(Type.String()) })
  expect(() => build(v1, Type.Object({}))).toThrow('"a" is not declared')
  expect(() => build(v1, Type.Object({ a: Type.String() }))).toThrow(
    '"a" is required and may be absent. Write it with setDefault(…, value), or make it withDefault(schema, value).',
  )
  expect(() => build(v1, Type.Object({ a: optional(Type.Integer()) }))).toThrow('string became number')
})
