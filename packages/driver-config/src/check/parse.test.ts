import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { defineDriverConfig } from '../define/define-driver-config.js'
import { ConfigError } from '../issue/config-error.js'
import { DriverConfigError } from '../issue/driver-config-error.js'
import { notSecret, secretRef } from '../schema/secret-ref.js'
import { withDefault } from '../schema/with-default.js'
import { rule } from './rules.js'

const optional = Type.Optional
const first = Type.Object({ seconds: withDefault(Type.Integer(), 5) })
const second = Type.Object({
  ms: withDefault(Type.Integer(), 1_000),
  mode: withDefault(Type.String(), 'new'),
  limits: Type.Optional(Type.Object({ cpu: withDefault(Type.Integer(), 2) })),
  parent: withDefault(Type.Object({ child: withDefault(Type.Integer(), 1) }), {}),
})
const config = defineDriverConfig('acme')
  .version(1, first)
  .version(2, second, { up: (old) => ({ ms: old.seconds * 1_000 }), down: (next) => ({ seconds: next.ms / 1_000 }) })
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
    expect(() => defineDriverConfig('acme').version(1, schema).build()).toThrow(
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

  test('reports a version that cannot be reached', () => {
    expect(config.migrate({}, { to: 3 })).toMatchObject({ issues: [{ code: 'MIGRATION_FAILED', fault: 'driver' }] })
    expect(config.migrate({}, { to: 0.5 })).toMatchObject({ ok: false })
  })
})

describe('a migration is the driver’s fault when', () => {
  const failing = (up: () => unknown) =>
    defineDriverConfig('acme')
      .version(1, first)
      .version(2, second, { up: up as () => object })
      .build()
      .safeParse({}, { driverVersion: '1.4.0' })

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

  test('members that are undefined are no reason', () => {
    expect(failing(() => ({ ms: 1, mode: undefined }))).toMatchObject({ ok: true, value: { ms: 1, mode: 'new' } })
  })
})

describe('secrets', () => {
  const schema = Type.Object({
    env: optional(Type.Record(Type.String(), Type.String())),
    note: optional(Type.String()),
    pull_secret: optional(secretRef(Type.String(), 'a registry secret')),
    max_tokens_note: optional(Type.String()),
  })
  const secretConfig = defineDriverConfig('acme')
    .version(1, schema)
    .build({
      rules: [
        rule('leaky', { reads: [] }, ({ value, fail }) => {
          if (value.pull_secret !== undefined)
            fail('note', 'RULE_FAILED', { problem: `does not go with ${value.pull_secret}` })
        }),
      ],
    })
  const codes = (block: object) => {
    const result = secretConfig.safeParse(block)
    return [...(result.ok ? [] : result.issues), ...result.warnings].map((issue) => `${issue.code} ${issue.message}`)
  }

  test.each([
    ['-----BEGIN RSA PRIVATE KEY-----\nabc', 'a private key'],
    ['AKIAABCDEFGHIJKLMNOP', 'a cloud access key'],
    [`ghp_${'a1B2'.repeat(9)}`, 'a source host token'],
    ['glpat-abcdefghij1234567890', 'a source host token'],
    ['xoxb-1234567890-abcdefghij', 'a chat token'],
    ['sk-ant-abcdefghij1234567890', 'an API key'],
    [`hf_${'aB3'.repeat(10)}`, 'an API key'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijkl', 'a JSON web token'],
  ])('%#: are found by their form', (text, name) => {
    expect(codes({ note: `see ${text}` })).toEqual([
      `SECRET_NOT_ALLOWED driver_config.note: this is ${name}; secrets do not belong in driver_config; use provider credentials instead`,
    ])
  })

  test('are found by the name of a free key', () => {
    expect(codes({ env: { api_token: 'hunter2', API_TOKEN_TTL: '5', apiKey: 'x', TOKENS: '' } })).toEqual([
      'SECRET_NOT_ALLOWED driver_config.env.api_token: secrets do not belong in driver_config; use provider credentials instead',
      'SECRET_NOT_ALLOWED driver_config.env.apiKey: secrets do not belong in driver_config; use provider credentials instead',
    ])
  })

  test('are only suspected in long texts of high entropy', () => {
    expect(codes({ note: 'Zq8v3KxW1pLmN7tR5yUoA2sD9fGhJ4kB6cE0' })[0]).toMatch(
      /^SECRET_SUSPECTED driver_config.note: looks like a secret/,
    )
    expect(codes({ note: 'openshell-workspace-volume-for-the-nightly-run-2027-01-31' })).toEqual([])
    expect(codes({ note: '/sandbox/work/projects/Alpha1/checkout/Documentation' })).toEqual([])
  })

  test('never reach a message, not even through a rule', () => {
    expect(codes({ pull_secret: 'registry-hunter2' })).toEqual([
      'RULE_FAILED driver_config.note: does not go with [redacted]',
    ])
  })

  test('must be declared when a field is named after one', () => {
    const named = (field: object) => () =>
      defineDriverConfig('acme')
        .version(1, Type.Object({ api_token: field }))
        .build()
    expect(named(Type.String())).toThrow('Use secretRef() for a reference, or notSecret(schema, "reason").')
    expect(named(notSecret(Type.String(), 'the name of a token'))).not.toThrow()
    expect(named(secretRef(Type.String(), 'a token'))).not.toThrow()
    expect(named(Type.Integer())).not.toThrow()
  })
})

describe('warnings', () => {
  const warned = defineDriverConfig('acme')
    .version(
      1,
      Type.Object({ old: optional(Type.String()), mode: optional(Type.Union([Type.Literal('a'), Type.Literal('b')])) }),
      {
        status: 'deprecated',
        deprecated: {
          old: {
            since: '1.2.0',
            message: 'It has no effect.',
            replacedBy: ['mode'],
            removedIn: 2,
            sunset: '2027-01-31',
            url: 'https://acme.example/old',
          },
          'mode=b': { since: '1.3.0', message: 'Use a.' },
        },
      },
    )
    .version(2, Type.Object({ mode: optional(Type.String()) }), {
      up: (v1, note) => {
        if (v1.old !== undefined) note('dropped old')
        return {}
      },
    })
    .build()

  test('speak of what the user wrote', () => {
    expect(warned.safeParse({ old: 'x', mode: 'b' })).toMatchObject({
      ok: true,
      warnings: [
        {
          code: 'VERSION_DEPRECATED',
          message: 'driver_config: schema_version 1 is deprecated. Write the block for schema_version 2.',
        },
        {
          code: 'FIELD_DEPRECATED',
          path: 'driver_config.old',
          message:
            'driver_config.old: deprecated since 1.2.0: It has no effect; schema_version 2 does not have it; it may go after 2027-01-31',
          fix: 'Use "mode".',
          url: 'https://acme.example/old',
        },
        { code: 'VALUE_DEPRECATED', message: 'driver_config.mode: the value "b" is deprecated since 1.3.0: Use a' },
        { code: 'MIGRATION_LOSSY', message: 'driver_config: dropped old' },
      ],
    })
    expect(warned.safeParse({}).warnings).toEqual([])
  })

  test('ask for the marker only when asked to', () => {
    expect(warned.safeParse({ mode: 'a' }, { strict: true })).toMatchObject({
      ok: true,
      warnings: [{ code: 'SCHEMA_VERSION_MISSING' }, {}],
    })
  })

  test('take the place of unknown keys for a driver that used to ignore them', () => {
    const adopting = defineDriverConfig('acme')
      .version(1, Type.Object({ a: optional(Type.Object({})) }), { unknownKeys: 'warn' })
      .build()
    expect(adopting.safeParse({ a: { zzz: 1 }, b: 2 })).toMatchObject({
      ok: true,
      value: { a: {} },
      warnings: [
        { code: 'UNKNOWN_FIELD', path: 'driver_config.a.zzz', severity: 'warning' },
        { path: 'driver_config.b' },
      ],
    })
  })

  test('are at most 16, each once, each short', () => {
    const many = defineDriverConfig('acme')
      .version(1, Type.Object({}))
      .version(2, Type.Object({}), {
        up: (_old, note) => {
          for (let count = 0; count < 40; count += 1) note(`${count % 20} ${'x'.repeat(400)}`)
          return {}
        },
      })
      .build()
    const { warnings } = many.safeParse({})
    expect(warnings).toHaveLength(16)
    expect(Math.max(...warnings.map((warning) => warning.message.length))).toBe(256)
  })
})

describe('a stored config', () => {
  const strictRule = rule<unknown>('no-seven', { reads: ['ms'] }, ({ value, fail }) => {
    if ((value as { ms?: number }).ms === 7_000) fail('ms', 'RULE_FAILED', { problem: 'must not be 7000' })
  })
  const storing = defineDriverConfig('acme')
    .version(1, first)
    .version(2, second, { up: (old) => ({ ms: old.seconds * 1_000 }), down: (next) => ({ seconds: next.ms / 1_000 }) })
    .build({ writes: 1, rules: [strictRule] })

  test('is stamped, in the version that the release before reads', () => {
    const stored = storing.store(storing.parse({ schema_version: 1, seconds: 3 }), { driverVersion: '1.4.0' })
    expect(stored).toEqual({
      schema_version: 1,
      driver_version: '1.4.0',
      digest: expect.stringMatching(/^sha256:/),
      config: { seconds: 3 },
    })
    expect(storing.restore(stored)).toMatchObject({ ok: true, value: { ms: 3_000 } })
  })

  test('outlives a rule that became stricter, with a warning; not a shape that is wrong', () => {
    const stored = { schema_version: 1, driver_version: '1.0.0', digest: 'x', config: { seconds: 7 } }
    expect(storing.restore(stored)).toMatchObject({
      ok: true,
      value: { ms: 7_000 },
      warnings: [{ code: 'RULE_WOULD_FAIL' }],
    })
    expect(storing.restore({ ...stored, schema_version: 2, config: { ms: 7_000 } })).toMatchObject({
      ok: true,
      warnings: [{ code: 'RULE_WOULD_FAIL' }],
    })
    expect(storing.restore({ ...stored, config: { seconds: 'x' } })).toMatchObject({
      issues: [{ code: 'STORED_CONFIG_INVALID', fault: 'driver' }],
    })
  })

  test('of a newer driver is nobody’s mistake', () => {
    const stored = { schema_version: 3, driver_version: '2.0.0', digest: 'x', config: { any: 1 } }
    expect(storing.restore(stored, { driverVersion: '1.4.0' })).toMatchObject({
      issues: [
        {
          code: 'SCHEMA_VERSION_TOO_NEW',
          fault: 'environment',
          message: expect.stringContaining('but driver acme 1.4.0 supports 1 to 2.'),
        },
      ],
    })
  })

  test('without a valid stamp is refused', () => {
    for (const stored of [undefined, null, {}, { schema_version: 1 }, []])
      expect(storing.restore(stored).ok).toBe(false)
  })

  test('cannot be written in a version that has no way down', () => {
    const chain = defineDriverConfig('acme')
      .version(1, first)
      .version(2, second, { up: () => ({}) })
    expect(() => chain.build({ writes: 1 })).toThrow('"writes" must be 2')
  })
})

describe('resources', () => {
  const mounts = Type.Object({ mounts: Type.Array(Type.Object({ source: Type.String() })) })
  const states: Record<string, () => Promise<'found' | 'not-found' | 'not-usable'>> = {
    there: async () => 'found',
    gone: async () => 'not-found',
    broken: async () => 'not-usable',
    unknown: async () => {
      throw new Error('hunter2')
    },
    never: () => new Promise(() => undefined),
  }
  const looked: string[] = []
  const lookingUp = defineDriverConfig('acme')
    .version(1, mounts)
    .build({
      resources: [
        {
          what: 'volume',
          path: 'mounts[].source',
          lookUp: (name) => {
            looked.push(name)
            return states[name]?.() ?? Promise.reject(new Error('no such case'))
          },
        },
      ],
    })
  const check = (names: string[], options = {}) =>
    lookingUp.checkResources(lookingUp.parse({ mounts: names.map((source) => ({ source })) }), options)

  test('are looked up once each, and reported at every place', async () => {
    looked.length = 0
    const issues = await check(['there', 'gone', 'broken', 'unknown', 'gone'])
    expect(issues.map((issue) => `${issue.code} ${issue.message}`)).toEqual([
      'RESOURCE_NOT_FOUND driver_config.mounts[1].source: the volume does not exist',
      'RESOURCE_NOT_USABLE driver_config.mounts[2].source: the volume cannot be used',
      'RESOURCE_CHECK_FAILED driver_config.mounts[3].source: the volume could not be looked up',
      'RESOURCE_NOT_FOUND driver_config.mounts[4].source: the volume does not exist',
    ])
    expect(looked).toEqual(['there', 'gone', 'broken', 'unknown'])
  })

  test('that do not answer in time have failed, not vanished', async () => {
    expect(await check(['never'], { timeoutMs: 20 })).toMatchObject([
      { code: 'RESOURCE_CHECK_FAILED', fault: 'environment' },
    ])
    expect(await check(['there'], { signal: AbortSignal.abort() })).toMatchObject([{ code: 'RESOURCE_CHECK_FAILED' }])
  })

  test('are looked up in bounded number', async () => {
    for (let count = 0; count < 70; count += 1) states[`v${count}`] = async () => 'found'
    const issues = await check(Array.from({ length: 70 }, (_, index) => `v${index}`))
    expect(issues).toHaveLength(6)
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
  const middleware = defineDriverConfig('audit', { root: 'middleware_config' }).version(1, Type.Object({})).build()
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
    .version(2, second)
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
