import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { unhandledRejections } from '../../test/unhandled-rejections.js'
import { emptyExamples } from '../../test/version-examples.js'
import { defineDriverConfig } from '../define/define-driver-config.js'
import { gate } from './config-gate.js'
import { rule } from './rules.js'

const optional = Type.Optional

describe('the operator', () => {
  const config = defineDriverConfig('acme')
    .version(
      1,
      Type.Object({
        bind: optional(Type.Boolean()),
        size: optional(Type.Integer()),
        beta: optional(Type.Boolean({ 'x-experimental': true })),
      }),
      emptyExamples,
    )
    .build({
      gates: [
        gate('bind', ({ value, policy, refuse }) => {
          if (value.bind === true && policy.settings?.['enable_bind_mounts'] !== true) {
            refuse('bind', { problem: 'bind mounts are off', fix: 'Set enable_bind_mounts = true.' })
          }
        }),
      ],
    })

  test('may switch configs off; an empty block passes', () => {
    const policy = { allowDriverConfig: false }
    expect(config.safeParse({}, { policy })).toMatchObject({ ok: true })
    expect(config.safeParse(undefined, { policy })).toMatchObject({ ok: true })
    expect(config.safeParse({ size: 1 }, { policy })).toMatchObject({
      issues: [
        {
          code: 'CONFIG_DISABLED',
          fault: 'operator',
          message:
            'driver_config is disabled for driver "acme". Set allow_driver_config = true for the driver in the gateway configuration and start the driver with the same setting.',
        },
      ],
    })
  })

  test('refuses through gates, together with the problems of the block', () => {
    expect(config.safeParse({ bind: true }, { policy: {} })).toMatchObject({
      issues: [
        {
          code: 'NOT_ALLOWED_BY_OPERATOR',
          path: 'driver_config.bind',
          fix: 'Set enable_bind_mounts = true.',
          fault: 'operator',
        },
      ],
    })
    expect(config.safeParse({ bind: true }, { policy: { settings: { enable_bind_mounts: true } } }).ok).toBe(true)
  })

  test('cannot refuse through a gate that answers later, so every block is refused as a fault of the driver', async () => {
    const late = gate<unknown>('late', ({ value, refuse }) => {
      if (!Object.hasOwn(value as object, 'bind')) return
      return Promise.resolve().then(() => {
        refuse('bind', { problem: 'is off', fix: 'Switch it on.' })
        throw new Error('late')
      }) as unknown as undefined
    })
    const gated = defineDriverConfig('acme')
      .version(1, Type.Object({ bind: optional(Type.Boolean()) }), emptyExamples)
      .build({ gates: [late] })
    const result = gated.safeParse({ bind: true })
    expect(result).toMatchObject({ ok: false, issues: [{ code: 'RULE_THREW', fault: 'driver', rule: 'late' }] })
    expect(await unhandledRejections(() => gated.safeParse({ bind: true }))).toEqual([])
  })

  test('may refuse what is experimental, which is a warning otherwise', () => {
    expect(config.safeParse({ beta: true })).toMatchObject({
      ok: true,
      warnings: [{ code: 'EXPERIMENTAL_USED', path: 'driver_config.beta' }],
    })
    expect(config.safeParse({ beta: true }, { policy: { allowExperimental: false } })).toMatchObject({
      issues: [{ code: 'EXPERIMENTAL_NOT_ENABLED', fault: 'operator' }],
    })
  })

  test('sees rules and gates fail in one report', () => {
    const both = defineDriverConfig('acme')
      .version(1, Type.Object({ a: optional(Type.String()) }), emptyExamples)
      .build({
        rules: [
          rule('r', { reads: ['a'] }, ({ value, fail }) => {
            if (value.a !== undefined) fail('a', 'RULE_FAILED', { problem: 'is wrong' })
          }),
        ],
        gates: [
          gate('g', ({ value, refuse }) => {
            if (value.a !== undefined) refuse('a', { problem: 'is off', fix: 'Switch it on.' })
          }),
        ],
      })
    const result = both.safeParse({ a: 'x' }, { policy: {} })
    expect(result.ok ? [] : result.issues.map((issue) => issue.code)).toEqual([
      'RULE_FAILED',
      'NOT_ALLOWED_BY_OPERATOR',
    ])
  })
})
