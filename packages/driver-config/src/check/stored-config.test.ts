import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { emptyExamples } from '../../test/version-examples.js'
import { defineDriverConfig } from '../define/define-driver-config.js'
import { withDefault } from '../schema/with-default.js'
import { gate } from './config-gate.js'
import { rule } from './rules.js'

const first = Type.Object({ seconds: withDefault(Type.Integer(), 5) })
const second = Type.Object({ ms: withDefault(Type.Integer(), 1_000), mode: withDefault(Type.String(), 'new') })

describe('a stored config', () => {
  const strictRule = rule<unknown>('no-seven', { reads: ['ms'] }, ({ value, fail }) => {
    if ((value as { ms?: number }).ms === 7_000) fail('ms', 'RULE_FAILED', { problem: 'must not be 7000' })
  })
  const storing = defineDriverConfig('acme')
    .version(1, first, emptyExamples)
    .version(2, second, {
      ...emptyExamples,
      up: (old) => ({ ms: old.seconds * 1_000 }),
      down: (next) => ({ seconds: next.ms / 1_000 }),
    })
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

  test('is refused by a gate for the gate alone, not for a rule that became stricter', () => {
    const gated = defineDriverConfig('acme')
      .version(1, Type.Object({ a: Type.Optional(Type.String()) }), emptyExamples)
      .version(2, Type.Object({ a: Type.Optional(Type.String()) }), { ...emptyExamples, up: (old) => old })
      .build({
        rules: [
          rule('strict', { reads: ['a'] }, ({ value, fail }) => {
            if (value.a !== undefined) fail('a', 'RULE_FAILED', { problem: 'is no longer right' })
          }),
        ],
        gates: [
          gate('closed', ({ value, refuse }) => {
            if (value.a !== undefined) refuse('a', { problem: 'is off', fix: 'Switch it on.' })
          }),
        ],
      })
    const result = gated.restore({ schema_version: 1, driver_version: '1.0.0', digest: 'x', config: { a: 'x' } })
    expect(result).toMatchObject({
      issues: [{ code: 'NOT_ALLOWED_BY_OPERATOR' }],
      warnings: [{ code: 'RULE_WOULD_FAIL' }],
    })
    expect(result.ok ? 0 : result.issues.length).toBe(1)
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
      .version(1, first, emptyExamples)
      .version(2, second, { ...emptyExamples, up: () => ({}) })
    expect(() => chain.build({ writes: 1 })).toThrow('"writes" must be 2')
  })
})
