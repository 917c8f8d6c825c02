import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { gate } from '../check/config-gate.js'
import { rule } from '../check/rules.js'
import type { VersionExamples } from './config-chain.js'
import { defineDriverConfig } from './define-driver-config.js'

type Value = { readonly size?: number; readonly fixed?: boolean }

const schema = Type.Object({ size: Type.Optional(Type.Integer({ minimum: 1 })), fixed: Type.Optional(Type.Boolean()) })
const typo = Type.Object({
  at: Type.Optional(schema),
  to: Type.Optional(Type.Object(schema.properties, { default: { sise: 1 } })),
})
const right: VersionExamples<Value> = {
  minimal: {},
  full: { size: 1, fixed: true },
  invalid: [{ value: { size: 0 }, code: 'NUMBER_OUT_OF_RANGE', path: 'driver_config.size' }],
}
const build = (examples: unknown) => () =>
  defineDriverConfig('acme')
    .version(1, schema, { examples: examples as VersionExamples<Value> })
    .build()

describe('the examples of a version', () => {
  test('are right, or the config is refused with the name of the example', () => {
    expect(build(right)).not.toThrow()
    expect(build({ ...right, minimal: { size: 'x' } })).toThrow('the example "minimal" is refused: driver_config.size')
    expect(build({ ...right, full: { sise: 1 } })).toThrow('the example "full" is refused: driver_config.sise')
  })

  test('are refused in sentences that end once', () => {
    expect(build({ ...right, minimal: { size: 0, sise: 1 } })).toThrow(
      /the example "minimal" is refused: driver_config\.size: [^.]*\. Write [^.]*\. driver_config\.sise: .* did you mean "size"\? Rename the key to "size"\. Correct it\.$/,
    )
    expect(() =>
      defineDriverConfig('acme')
        .version(1, typo, { examples: right as never })
        .build(),
    ).toThrow(/the default is not valid: default\.sise: .* did you mean "size"\? Correct the default\.$/)
  })

  test.each([
    [undefined],
    [{}],
    [{ minimal: {}, full: {} }],
    [{ ...right, invalid: [] }],
    [{ ...right, full: undefined }],
  ])('are not complete as %j', (examples) => {
    expect(build(examples)).toThrow(
      'config of driver "acme", version 1: the version has no complete examples. Pass examples: { minimal, full, invalid: [{ value, code, path }] }.',
    )
  })

  test('are asked for when JavaScript passes no options', () => {
    const chain = defineDriverConfig('acme') as unknown as { version(...all: unknown[]): { build(): unknown } }
    expect(() => chain.version(1, schema).build()).toThrow('the version has no complete examples.')
  })

  test('are refused for the reason that they name', () => {
    const [invalid] = right.invalid
    const withInvalid = (changed: object) => build({ ...right, invalid: [{ ...invalid, ...changed }] })
    expect(withInvalid({ value: { size: 1 } })).toThrow('the invalid example 0 is accepted.')
    expect(withInvalid({ code: 'NOT_AN_INTEGER' })).toThrow('not NOT_AN_INTEGER at driver_config.size')
    expect(withInvalid({ path: 'driver_config' })).toThrow('not NUMBER_OUT_OF_RANGE at driver_config.')
  })

  test('survive the way to the current version, rules included', () => {
    const chain = defineDriverConfig('acme')
      .version(1, schema, { examples: right })
      .version(2, schema, { examples: right, up: (old) => ({ ...old, fixed: true }) })
    expect(() => chain.build()).not.toThrow()
    const loose = rule<Value>('loose', { reads: ['size', 'fixed'] }, ({ value, fail }) => {
      if (value.fixed === true && value.size === undefined) fail('size', 'FIELD_NEEDS_OTHER', { problem: 'is missing' })
    })
    expect(() => chain.build({ rules: [loose] })).toThrow('version 1: the example "minimal" is refused')
  })

  test('may show what only some operators allow', () => {
    const full = { size: 5 }
    const closed = gate<{ readonly size?: number }>('closed', ({ value, refuse }) => {
      if (value.size !== undefined) refuse('size', { problem: 'is off', fix: 'Switch it on.' })
    })
    const chain = defineDriverConfig('acme').version(
      1,
      Type.Object({ size: Type.Optional(Type.Integer({ minimum: 1 })) }),
      {
        examples: { ...right, full },
      },
    )
    expect(chain.build({ gates: [closed] }).safeParse(full)).toMatchObject({ issues: [{ fault: 'operator' }] })
  })
})
