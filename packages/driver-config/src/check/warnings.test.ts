import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { emptyExamples } from '../../test/version-examples.js'
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
