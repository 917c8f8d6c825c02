import { fromJson, toBinary } from '@bufbuild/protobuf'
import { StructSchema } from '@bufbuild/protobuf/wkt'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../envelope/json-value.js'
import { guardValue } from './guard.js'
import { defaultLimits } from './limits.js'

const site = { root: 'driver_config', schemaVersion: 1 }
const guard = (value: unknown) => guardValue(value, defaultLimits, site)
const problems = (value: unknown): string[] => {
  const result = guard(value)
  return result.ok ? [] : result.issues.map((issue) => `${issue.code} ${issue.path}`)
}
const nested = (levels: number): object => {
  let value = {}
  for (let level = 1; level < levels; level += 1) value = { a: value }
  return value
}

describe('the guard', () => {
  test('copies plain JSON and keeps the order of keys', () => {
    const value = { b: [1, 'x', null, true, { c: -0 }], a: Object.create(null) }
    const result = guard(value)
    expect(result).toMatchObject({ ok: true, value: { b: [1, 'x', null, true, { c: -0 }], a: {} } })
    expect(result.ok && result.value).not.toBe(value)
    expect(result.ok && Object.keys(result.value as object)).toEqual(['b', 'a'])
  })

  test('takes undefined members as absent, and own enumerable text keys only', () => {
    const value = Object.defineProperty({ a: 1, b: undefined, [Symbol('s')]: 1 }, 'hidden', { value: 1 })
    expect(guard(value)).toMatchObject({ ok: true, value: { a: 1 } })
    expect(Object.keys((guard(value) as { value: object }).value)).toEqual(['a'])
  })

  test.each([
    ['a date', { a: new Date() }],
    ['a map', { a: new Map() }],
    ['an instance', { a: new (class Thing {})() }],
    ['a function', { a: () => 1 }],
    ['a symbol', { a: Symbol('s') }],
    ['a bigint', { a: 1n }],
    ['a number that is not finite', { a: Number.NaN }],
    ['an ill-formed text', { a: 'x\ud800' }],
    [
      'a throwing getter',
      {
        get a() {
          throw new Error('secret')
        },
      },
    ],
    ['a revoked proxy', { a: revoked() }],
    [
      'a proxy that throws',
      {
        a: new Proxy(
          {},
          {
            ownKeys() {
              throw new Error('secret')
            },
          },
        ),
      },
    ],
    ['an inherited value', { a: Object.create({ x: 1 }) }],
  ])('refuses %s', (_name, value) => {
    expect(problems(value)).toEqual(['VALUE_NOT_JSON driver_config.a'])
  })

  test('tells of a symbol only that it is one, or that a server marked a member without a value', () => {
    const messages = (value: unknown) => {
      const result = guardValue({ a: value }, defaultLimits, site)
      return result.ok ? [] : result.issues.map((issue) => issue.message)
    }
    expect(messages(Symbol('hunter2'))).toEqual(['driver_config.a: must be a JSON value, got a symbol'])
    expect(messages(Symbol.for('openshell-ts.driver-config.valueless'))).toEqual([
      'driver_config.a: must be a JSON value, got a Value without kind',
    ])
  })

  test('refuses holes and undefined in lists, at their index', () => {
    // biome-ignore lint/suspicious/noSparseArray: a hole is the case.
    expect(problems({ a: [1, , 2] })).toEqual(['VALUE_NOT_JSON driver_config.a[1]'])
    expect(problems({ a: [undefined] })).toEqual(['VALUE_NOT_JSON driver_config.a[0]'])
  })

  test('takes the length of a list from a proxy with care', () => {
    const lengths = [
      Number.NaN,
      -1,
      1.5,
      'x',
      {
        valueOf: () => {
          throw new Error('secret')
        },
      },
      2 ** 32,
    ]
    for (const length of lengths) {
      const list = new Proxy([], { get: (target, key) => (key === 'length' ? length : Reflect.get(target, key)) })
      expect(problems({ a: list })).toHaveLength(1)
    }
  })

  test('reads every member exactly once', () => {
    let reads = 0
    guard({
      get a() {
        reads += 1
        return 1
      },
    })
    expect(reads).toBe(1)
  })

  test.each(['__proto__', 'prototype', 'constructor'])('refuses the key %s at every level', (key) => {
    expect(problems({ a: [JSON.parse(`{"${key}": 1}`)] })).toEqual([`KEY_FORBIDDEN driver_config.a[0].${key}`])
  })

  test('takes 16 levels and refuses 17', () => {
    expect(problems(nested(16))).toEqual([])
    expect(problems(nested(17))[0]).toMatch(/^CONFIG_TOO_DEEP/)
  })

  test('refuses 20,000 levels and cycles on a constant stack', () => {
    expect(problems(nested(20_000))[0]).toMatch(/^CONFIG_TOO_DEEP/)
    const cycle: Record<string, unknown> = {}
    cycle['self'] = [cycle]
    expect(problems(cycle)[0]).toMatch(/^CONFIG_TOO_DEEP/)
  })

  test('counts keys, items, and the length of keys and texts', () => {
    const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, true]))
    expect(problems(keys(4_096))).toEqual([])
    expect(problems(keys(4_097))).toEqual(['CONFIG_TOO_MANY_KEYS driver_config'])
    expect(problems({ a: Array.from({ length: 1_024 }, () => 1) })).toEqual([])
    expect(problems({ a: Array.from({ length: 1_025 }, () => 1) })).toEqual(['ITEM_COUNT_OUT_OF_RANGE driver_config.a'])
    expect(problems({ ['k'.repeat(128)]: 1 })).toEqual([])
    expect(problems({ ['k'.repeat(129)]: 1 })[0]).toMatch(/^KEY_TOO_LONG/)
    expect(problems({ a: 'x'.repeat(16_384) })).toEqual([])
    expect(problems({ a: 'x'.repeat(16_385) })).toEqual(['STRING_TOO_LONG driver_config.a'])
    expect(problems({ a: 'x'.repeat(50_000_000) })).toEqual(['STRING_TOO_LONG driver_config.a'])
  })

  test('measures the block as the host encodes it, to the byte', () => {
    const values: JsonObject[] = [
      {},
      { a: 'x'.repeat(16_000), b: 'é'.repeat(9_000), c: '😀'.repeat(4_000) },
      { list: [1, 'two', true, null, [], [[{}]], { deep: { deeper: ['x'.repeat(200)] } }] },
      Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`key-${index}`, { nested: [index, `${index}`] }])),
    ]
    for (const value of values) {
      const encodedBytes = toBinary(StructSchema, fromJson(StructSchema, value)).length
      expect(guardValue(value, { ...defaultLimits, encodedBytes }, site).ok).toBe(true)
      const smaller = guardValue(value, { ...defaultLimits, encodedBytes: encodedBytes - 1 }, site)
      expect(encodedBytes === 0 || (!smaller.ok && smaller.issues[0]?.code)).toBe(
        encodedBytes === 0 || 'CONFIG_TOO_LARGE',
      )
    }
  })

  test('stops after 16 problems', () => {
    expect(problems(Array.from({ length: 100 }, () => Number.NaN))).toHaveLength(16)
  })

  test('never shows what a thrown error or a value says', () => {
    const result = guard({
      a: {
        get b() {
          throw new Error('hunter2')
        },
      },
      c: Object('hunter2'),
    })
    expect(JSON.stringify(result)).not.toContain('hunter2')
  })
})

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
