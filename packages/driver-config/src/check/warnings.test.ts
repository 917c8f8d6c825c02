import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { emptyExamples, showing } from '../../test/version-examples.js'
import { defineDriverConfig } from '../define/define-driver-config.js'

const optional = Type.Optional

describe('warnings', () => {
  const warned = defineDriverConfig('acme')
    .version(
      1,
      Type.Object({ old: optional(Type.String()), mode: optional(Type.Union([Type.Literal('a'), Type.Literal('b')])) }),
      {
        ...emptyExamples,
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
      ...emptyExamples,
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

  test.each([
    ['a number', 'size=1', { size: 1 }],
    ['a boolean', 'on=true', { on: true }],
    ['a text with "="', 'mode=a=b', { mode: 'a=b' }],
  ])('speak of a deprecated value that is %s', (_what, place, block) => {
    const values = Type.Object({
      size: optional(Type.Union([Type.Literal(1), Type.Literal(2)])),
      on: optional(Type.Boolean()),
      mode: optional(Type.Union([Type.Literal('a=b'), Type.Literal('c')])),
    })
    const config = defineDriverConfig('acme')
      .version(1, values, { ...emptyExamples, deprecated: { [place]: { since: '1.0.0', message: 'Do not.' } } })
      .build()
    expect(config.safeParse(block).warnings).toMatchObject([{ code: 'VALUE_DEPRECATED' }])
    expect(config.safeParse({ size: 2, on: false, mode: 'c' }).warnings).toEqual([])
  })

  test('say why a version is deprecated, and until when', () => {
    const record = { since: '1.4.0', message: 'It cannot name disks.', sunset: '2027-01-31', url: 'https://a.example' }
    const config = defineDriverConfig('acme')
      .version(1, Type.Object({ a: optional(Type.String()) }), { ...emptyExamples, deprecated: { '': record } })
      .version(2, Type.Object({}), { ...emptyExamples, status: 'deprecated', up: () => ({}) })
      .build()
    expect(config.describe().each[0]?.status).toBe('deprecated')
    expect(config.safeParse({}).warnings).toEqual([])
    expect(config.safeParse({ a: 'x' }).warnings).toMatchObject([
      {
        code: 'VERSION_DEPRECATED',
        message:
          'driver_config: schema_version 1 is deprecated since 1.4.0: It cannot name disks; it may go after 2027-01-31. Write the block for schema_version 2.',
        url: 'https://a.example',
      },
    ])
  })

  test('about the newest version do not send users to that very version', () => {
    const config = defineDriverConfig('acme')
      .version(1, Type.Object({ a: optional(Type.String()) }), { ...emptyExamples, status: 'deprecated' })
      .build()
    expect(config.safeParse({ a: 'x' }).warnings).toMatchObject([
      {
        code: 'VERSION_DEPRECATED',
        message: 'driver_config: schema_version 1 is deprecated. Ask the author of the driver what replaces it.',
      },
    ])
  })

  test('come once for all items of a list', () => {
    const item = Type.Object({
      beta: optional(Type.Boolean({ 'x-experimental': true })),
      text: optional(Type.String()),
    })
    const config = defineDriverConfig('acme')
      .version(1, Type.Object({ items: Type.Array(item) }), showing({ items: [] }))
      .build()
    const random = ['Zq8v3KxW1pLmN7tR5yUoA2sD9fGhJ4kB6cE0', 'Qz7u2JwV0oKlM6sQ4xTnZ1rC8eFgI3jA5bD9']
    const { warnings } = config.safeParse({ items: random.map((text) => ({ beta: true, text })) })
    expect(warnings.map((warning) => `${warning.code} ${warning.pointer}`).sort()).toEqual([
      'EXPERIMENTAL_USED /items/0/beta',
      'SECRET_SUSPECTED /items/0/text',
    ])
    const errors = config.safeParse(
      { items: [{ beta: true }, { beta: true }] },
      { policy: { allowExperimental: false } },
    )
    expect(errors.ok ? [] : errors.issues).toHaveLength(2)
  })

  test('ask for the marker only when asked to', () => {
    expect(warned.safeParse({ mode: 'a' }, { strict: true })).toMatchObject({
      ok: true,
      warnings: [{ code: 'SCHEMA_VERSION_MISSING' }, {}],
    })
  })

  test('take the place of unknown keys for a driver that used to ignore them', () => {
    const adopting = defineDriverConfig('acme')
      .version(1, Type.Object({ a: optional(Type.Object({})) }), {
        ...emptyExamples,
        unknownKeys: 'warn',
      })
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
      .version(1, Type.Object({}), emptyExamples)
      .version(2, Type.Object({}), {
        ...emptyExamples,
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
