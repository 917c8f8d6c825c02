import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { emptyExamples } from '../../test/version-examples.js'
import { defineDriverConfig } from '../define/define-driver-config.js'
import type { DriverConfig } from '../define/driver-config.js'
import { noDriverConfig } from '../define/no-driver-config.js'
import { extensions } from '../schema/opaque.js'

const V1 = Type.Object({ size: Type.Optional(Type.String()), readonly: Type.Optional(Type.Boolean()) })
const V2 = Type.Object({
  size_bytes: Type.Optional(Type.Integer()),
  read_only: Type.Optional(Type.Boolean()),
  mounts: Type.Optional(Type.Array(Type.Object({ source: Type.String() }))),
})
const V3 = Type.Object({ size_bytes: Type.Optional(Type.Integer()) })
const hop = { ...emptyExamples, up: () => ({}), replaces: { size: 'size_bytes' } }

const range12 = defineDriverConfig('acme', { migrateCommand: 'acme-driver config migrate' })
  .version(1, V1, emptyExamples)
  .version(2, V2, hop)
  .build()
const range23 = (unversioned: number) =>
  defineDriverConfig('acme', { unversioned, migrateCommand: 'acme-driver config migrate' })
    .version(2, V2, emptyExamples)
    .version(3, V3, { ...emptyExamples, up: () => ({}) })
    .build()
const only1 = defineDriverConfig('acme').version(1, V1, emptyExamples).build()

function verdict(config: DriverConfig<unknown>, block: unknown): string {
  const result = config.check(block)
  return result.ok ? `ok ${result.declaredVersion}` : result.issues.map((issue) => issue.code).join(' ')
}

function message(config: DriverConfig<unknown>, block: unknown, driverVersion = '1.4.0'): string {
  const result = config.safeParse(block, { driverVersion })
  return result.ok ? 'accepted' : result.issues.map((issue) => issue.message).join('\n')
}

describe('the marker', () => {
  test('may be absent: the block then means the baseline, and an absent block counts as empty', () => {
    const absent = range12.check(undefined)
    const empty = range12.check({})
    expect(absent).toMatchObject({ ok: true, declaredVersion: 1, arrival: 'absent', value: {} })
    expect(empty).toMatchObject({ ok: true, declaredVersion: 1, arrival: 'present', value: {} })
  })

  test.each([
    [1, 'ok 1'],
    [2, 'ok 2'],
    [2.0, 'ok 2'],
  ])('%s is supported', (marker, expected) => {
    expect(verdict(range12, { schema_version: marker })).toBe(expected)
  })

  test.each([2.5, 0, -1, -0, 1e300, 2 ** 53, '2', ' 2', '', true, [], [2], {}, null])('%j is invalid', (marker) => {
    expect(verdict(range12, { schema_version: marker, nonsense: 1 })).toBe('SCHEMA_VERSION_INVALID')
  })

  test.each([3, 2 ** 53 - 1])('%s is too new, and nothing else is reported', (marker) => {
    expect(verdict(range12, { schema_version: marker, size: 5, nonsense: null })).toBe('SCHEMA_VERSION_TOO_NEW')
  })

  test('below the range is removed', () => {
    expect(verdict(range23(1), { schema_version: 1 })).toBe('SCHEMA_VERSION_REMOVED')
  })

  test('is required for any content once the baseline is gone, and stands for the newest version without content', () => {
    expect(verdict(range23(1), { size_bytes: 1 })).toBe('SCHEMA_VERSION_REQUIRED')
    expect(verdict(range23(1), {})).toBe('ok 3')
    expect(verdict(range23(1), undefined)).toBe('ok 3')
    expect(verdict(range23(2), { size_bytes: 1 })).toBe('ok 2')
  })

  test('is an ordinary unknown key below the root', () => {
    expect(verdict(range12, { schema_version: 2, mounts: [{ source: 'a', schema_version: 2 }] })).toBe('UNKNOWN_FIELD')
  })

  test('is left alone inside of unchecked JSON', () => {
    const bag = defineDriverConfig('acme')
      .version(1, Type.Object({ more: Type.Optional(extensions()) }), emptyExamples)
      .build()
    const more = { 'acme.example/a': { schema_version: 'x', $schema: 5 } }
    expect(bag.check({ schema_version: 1, more })).toMatchObject({ ok: true, value: { more } })
  })

  test('is removed before handlers see the block, with the key that editors use', () => {
    const result = range12.check({ schema_version: 2, $schema: 'https://example.com/v2.json', size_bytes: 1 })
    expect(result).toMatchObject({ ok: true, value: { size_bytes: 1 } })
    expect(result.ok && Object.keys(result.value)).toEqual(['size_bytes'])
    expect(verdict(range12, { $schema: 5 })).toBe('TYPE_MISMATCH')
  })

  test('is not accepted by a driver without a config', () => {
    const none = noDriverConfig('acme')
    expect(message(none, { schema_version: 1 })).toBe('driver acme takes no driver_config; remove the block.')
    expect(verdict(none, { any: 1 })).toBe('CONFIG_NOT_SUPPORTED')
    expect(none.safeParse({})).toMatchObject({ ok: true, arrival: 'present' })
    expect(none.safeParse(undefined)).toMatchObject({ ok: true, arrival: 'absent' })
  })

  test('is a guard failure when a key or a number cannot be JSON', () => {
    expect(verdict(range12, JSON.parse('{"__proto__": {}}'))).toBe('KEY_FORBIDDEN')
    expect(verdict(range12, { schema_version: Number.NaN })).toBe('VALUE_NOT_JSON')
    expect(verdict(range12, { size: Number.POSITIVE_INFINITY })).toBe('VALUE_NOT_JSON')
  })
})

describe('the message for', () => {
  test.each([
    [
      { schema_version: 3 },
      'driver_config.schema_version is 3, but driver acme 1.4.0 supports 1 to 2. Upgrade the driver, or write this block for schema_version 2.',
    ],
    [
      { schema_version: '2' },
      'driver_config.schema_version must be a whole number from 1 to 2, got a string. Write "schema_version": 2 without quotes.',
    ],
    [{ schema_version: '3' }, 'driver_config.schema_version must be a whole number from 1 to 2, got a string.'],
    [{ schema_version: 'x' }, 'driver_config.schema_version must be a whole number from 1 to 2, got a string.'],
    [{ schema_version: true }, 'driver_config.schema_version must be a whole number from 1 to 2, got a boolean.'],
    [{ schema_version: [] }, 'driver_config.schema_version must be a whole number from 1 to 2, got a list.'],
    [{ schema_version: {} }, 'driver_config.schema_version must be a whole number from 1 to 2, got an object.'],
    [
      { schema_version: null },
      'driver_config.schema_version must be a whole number from 1 to 2, got null. Remove the key to use schema_version 1.',
    ],
    [{ schema_version: 2.5 }, 'driver_config.schema_version must be a whole number from 1 to 2, got 2.5.'],
    [{ schema_version: -0 }, 'driver_config.schema_version must be a whole number from 1 to 2, got 0.'],
    [
      { schema_version: 2 ** 53 },
      'driver_config.schema_version must be a whole number from 1 to 2, got a number that is too large.',
    ],
    [
      { size_bytes: 1 },
      'driver_config.size_bytes: unknown field in schema_version 1; "size_bytes" exists in schema_version 2; add "schema_version": 2 to use it (no schema_version given, so 1 was used)',
    ],
    [{ schema_version: 2, size: 'x' }, 'driver_config.size: "size" was replaced by "size_bytes" in schema_version 2'],
    [
      { schema_version: 2, read_onyl: true },
      'driver_config.read_onyl: unknown field in schema_version 2; did you mean "read_only"?',
    ],
    [
      { schemaVersion: 2 },
      'driver_config.schemaVersion: unknown field in schema_version 1; did you mean "schema_version"?',
    ],
    [
      { 'mounts[].source': 1 },
      'driver_config["mounts[].source"]: unknown field in schema_version 1; allowed: size, readonly',
    ],
    [{ zzz: 1 }, 'driver_config.zzz: unknown field in schema_version 1; allowed: size, readonly'],
  ])('%j', (block, expected) => {
    expect(message(range12, block)).toBe(expected)
  })

  test.each([
    ['schema-version', '["schema-version"]'],
    ['schemaversion', '.schemaversion'],
    ['version', '.version'],
    ['apiVersion', '.apiVersion'],
    ['api_version', '.api_version'],
  ])('the near miss %s', (key, path) => {
    const expected = `driver_config${path}: unknown field in schema_version 1; did you mean "schema_version"?`
    expect(message(range12, { [key]: 2 })).toBe(expected)
  })

  test('a missing marker whose meaning is gone', () => {
    const config = defineDriverConfig('acme', { migrateCommand: 'acme-driver config migrate' })
      .version(2, V2, emptyExamples)
      .build()
    expect(message(config, { size_bytes: 1 }, '2.0.0')).toBe(
      'driver_config has no schema_version. Without one it meant schema_version 1, which acme 2.0.0 no longer reads. Add "schema_version": 2 and update the fields, or run "acme-driver config migrate FILE --to 2".',
    )
  })

  test('null, when absence is not legal', () => {
    expect(message(range23(1), { schema_version: null })).toBe(
      'driver_config.schema_version must be a whole number from 2 to 3, got null.',
    )
  })

  test('a driver with a single version', () => {
    expect(message(only1, { schema_version: 2 })).toContain('but driver acme 1.4.0 supports 1. Upgrade')
    expect(message(only1, { schema_version: [] })).toBe('driver_config.schema_version must be 1, got a list.')
  })

  test('a driver whose version is not known', () => {
    const result = range12.safeParse({ schema_version: 9 })
    expect(result.ok ? '' : result.issues[0].message).toContain('but driver acme supports 1 to 2.')
  })
})
