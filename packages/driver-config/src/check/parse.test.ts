import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { emptyExamples } from '../../test/version-examples.js'
import { defineDriverConfig } from '../define/define-driver-config.js'
import { ConfigError } from '../issue/config-error.js'
import { DriverConfigError } from '../issue/driver-config-error.js'
import { withDefault } from '../schema/with-default.js'

const first = Type.Object({ seconds: withDefault(Type.Integer(), 5) })
const second = Type.Object({
  ms: withDefault(Type.Integer(), 1_000),
  mode: withDefault(Type.String(), 'new'),
  limits: Type.Optional(Type.Object({ cpu: withDefault(Type.Integer(), 2) })),
  parent: withDefault(Type.Object({ child: withDefault(Type.Integer(), 1) }), {}),
})
const config = defineDriverConfig('acme')
  .version(1, first, emptyExamples)
  .version(2, second, {
    ...emptyExamples,
    up: (old) => ({ ms: old.seconds * 1_000 }),
    down: (next) => ({ seconds: next.ms / 1_000 }),
  })
  .build()

describe('defaults', () => {
  test('of the declared version come before the migration, those of the next after it', () => {
    expect(config.parse({ schema_version: 1 })).toEqual({ ms: 5_000, mode: 'new', parent: { child: 1 } })
  })

  test('create a parent only when it has a default, and complete what is there', () => {
    const value = config.parse({ schema_version: 2, limits: {}, mode: 'x' })
    expect(value).toEqual({ ms: 1_000, mode: 'x', limits: { cpu: 2 }, parent: { child: 1 } })
    expect(Object.keys(value)).toEqual(['ms', 'mode', 'limits', 'parent'])
  })

  test('are refused at build when they are not valid', () => {
    const schema = Type.Object({ a: Type.Optional(Type.Integer({ default: 'x' })) })
    expect(() => defineDriverConfig('acme').version(1, schema, emptyExamples).build()).toThrow(
      'schema at "/properties/a/default": the default is not valid: default: must be a whole number, got a string.',
    )
  })
})

test('the result is deeply frozen, and the input is left alone', () => {
  const block = { schema_version: 2, limits: { cpu: 1 } }
  const before = structuredClone(block)
  const value = config.parse(block)
  expect(Object.isFrozen(value) && Object.isFrozen(value.limits)).toBe(true)
  expect(block).toEqual(before)
  expect(Object.isFrozen(block.limits)).toBe(false)
})

test.each([null, 5, 'x', true, []])('a block that is %j is not an object', (block) => {
  expect(config.safeParse(block)).toMatchObject({ ok: false, issues: [{ code: 'CONFIG_NOT_OBJECT', pointer: '' }] })
})

test('parse throws every issue in one error', () => {
  const bad = { schema_version: 2, ms: 'x', zzz: 1 }
  expect(() => config.parse(bad)).toThrow(DriverConfigError)
  try {
    config.parse(bad)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({
      kind: 'invalid-config',
      issues: [{ code: 'TYPE_MISMATCH' }, { code: 'UNKNOWN_FIELD' }],
    })
  }
})

describe('migrate', () => {
  test('goes up and down, and stamps the version that it reaches', () => {
    expect(config.migrate({ schema_version: 1, seconds: 7 }, { to: 2 })).toMatchObject({
      ok: true,
      value: { schema_version: 2, ms: 7_000 },
    })
    expect(config.migrate({ schema_version: 2, ms: 7_000 }, { to: 1 })).toMatchObject({
      ok: true,
      value: { schema_version: 1, seconds: 7 },
    })
  })

  test.each([3, 0, 0.5, Number.NaN])('tells its caller that there is no version %d, whatever the block is', (to) => {
    const expected = {
      kind: 'unknown-version',
      message: expect.stringContaining('driver acme reads schema_version 1 to 2'),
    }
    for (const block of [{}, 5]) expect(() => config.migrate(block, { to })).toThrow(expect.objectContaining(expected))
  })
})

describe('a migration is the driver’s fault when', () => {
  // The examples of a version must survive the migration, so that it fails for one document only.
  const failing = (up: () => unknown) =>
    defineDriverConfig('acme')
      .version(1, first, emptyExamples)
      .version(2, second, { ...emptyExamples, up: ({ seconds }) => (seconds === 13 ? (up() as object) : {}) })
      .build()
      .safeParse({ seconds: 13 }, { driverVersion: '1.4.0' })

  test('it throws; what it threw is not shown', () => {
    const result = failing(() => {
      throw new Error('hunter2')
    })
    expect(result).toMatchObject({
      issues: [
        {
          code: 'MIGRATION_FAILED',
          fault: 'driver',
          message:
            'driver_config: the migration from schema_version 1 to 2 failed. This is a bug in driver acme 1.4.0; please report it to its author.',
        },
      ],
    })
  })

  test.each([
    ['nothing', () => undefined],
    ['null', () => null],
    ['a list', () => []],
    ['a date inside', () => ({ mode: new Date() })],
    ['a promise', async () => ({})],
    ['a wrong type', () => ({ ms: 'hunter2' })],
    ['an extra key', () => ({ extra: 1 })],
  ])('it returns %s', (_name, up) => {
    const result = failing(up)
    expect(result).toMatchObject({ issues: [{ code: 'MIGRATION_INVALID_OUTPUT', fault: 'driver', otherVersion: 2 }] })
    expect(JSON.stringify(result)).not.toContain('hunter2')
  })

  test.each([
    [
      'a wrong value',
      'gave a result that 2 does not accept: driver_config.labels{}: must be a whole number, got a string',
    ],
    [new Date(0), 'gave a result that is not plain JSON at driver_config.labels{}'],
  ])('it makes a key of a value, which is not shown', (member, problem) => {
    const labelled = defineDriverConfig('acme')
      .version(1, Type.Object({ name: Type.Optional(Type.String()) }), emptyExamples)
      .version(2, Type.Object({ labels: Type.Optional(Type.Record(Type.String(), Type.Integer())) }), {
        ...emptyExamples,
        up: ({ name }) => (name === undefined ? {} : { labels: { [name]: member as never } }),
      })
      .build()
    const result = labelled.safeParse({ name: 'hunter2' })
    expect(result).toMatchObject({ issues: [{ message: expect.stringContaining(`${problem}. This is a bug`) }] })
    expect(JSON.stringify(result)).not.toContain('hunter2')
  })

  test('members that are undefined are no reason', () => {
    expect(failing(() => ({ ms: 1, mode: undefined }))).toMatchObject({ ok: true, value: { ms: 1, mode: 'new' } })
  })
})

test('the Standard Schema takes any version and gives the current one', () => {
  const standard = config['~standard']
  expect(standard).toMatchObject({ version: 1, vendor: 'openshell-ts' })
  expect(standard.validate({ seconds: 2 })).toEqual({ value: { ms: 2_000, mode: 'new', parent: { child: 1 } } })
  expect(standard.validate({ seconds: 'x' })).toEqual({
    issues: [
      {
        path: ['seconds'],
        message: 'driver_config.seconds: must be a whole number, got a string. Write a whole number.',
      },
    ],
  })
})

test('texts follow the root of other configs', () => {
  const middleware = defineDriverConfig('audit', { root: 'middleware_config' })
    .version(1, Type.Object({}), {
      examples: {
        minimal: {},
        full: {},
        invalid: [{ value: { a: 1 }, code: 'UNKNOWN_FIELD', path: 'middleware_config.a' }],
      },
    })
    .build()
  expect(middleware.safeParse({ schema_version: 2 })).toMatchObject({
    issues: [
      {
        path: 'middleware_config.schema_version',
        message: expect.stringMatching(/^middleware_config.schema_version is 2, but/),
      },
    ],
  })
  expect(middleware.safeParse({ a: 1 })).toMatchObject({ issues: [{ path: 'middleware_config.a' }] })
})

test('a removed version names its last reader', () => {
  const removed = defineDriverConfig('acme', { migrateCommand: 'acme-driver config migrate', unversioned: 2 })
    .removed(1, { in: '2.0.0', lastReader: '1.9' })
    .version(2, second, emptyExamples)
    .build()
  const result = removed.safeParse({ schema_version: 1 }, { driverVersion: '2.0.0' })
  expect(result).toMatchObject({
    issues: [
      {
        code: 'SCHEMA_VERSION_REMOVED',
        message:
          'driver_config.schema_version 1 was removed in acme 2.0.0; the last driver that reads it is 1.9. Run "acme-driver config migrate FILE --to 2".',
      },
    ],
  })
})
