import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { ruleProblems } from '../../test/rule-problems.js'
import { unhandledRejections } from '../../test/unhandled-rejections.js'
import { emptyExamples } from '../../test/version-examples.js'
import { defineDriverConfig } from '../define/define-driver-config.js'
import { type ConfigRule, rule } from './rules.js'
import { unique } from './standard-rules.js'

const optional = Type.Optional

describe('a rule', () => {
  // Nothing may be wrong with the examples, which are empty, so that every rule here minds "a" only.
  const hasA = (value: unknown): boolean => Object.hasOwn(value as object, 'a')
  const failing = rule<unknown>('always', { reads: ['a'], revision: 3 }, ({ value, fail }) => {
    if (hasA(value)) fail('a', 'RULE_FAILED', { problem: 'is never right' })
  })

  test('is named with its revision, and always has a fix', () => {
    const result = defineDriverConfig('acme')
      .version(1, Type.Object({ a: optional(Type.String()) }), emptyExamples)
      .build({ rules: [failing] })
      .safeParse({ a: 'x' })
    expect(result).toMatchObject({ issues: [{ rule: 'always@3', fix: expect.any(String), pointer: '/a' }] })
  })

  test('does not run when a field that it reads is broken', () => {
    expect(ruleProblems([failing], { a: 5 })).toEqual(['TYPE_MISMATCH driver_config.a: must be a string, got a number'])
    expect(ruleProblems([failing], { a: 'x', b: 5 })).toHaveLength(2)
  })

  test('that throws refuses the block as a fault of the driver, without showing what it threw', () => {
    const broken = rule<unknown>('broken', { reads: [] }, ({ value }) => {
      if (hasA(value)) throw new Error('hunter2')
    })
    expect(ruleProblems([broken], { a: 'x' }, { driverVersion: '1.4.0' })).toEqual([
      'RULE_THREW driver_config: the rule broken@1 failed to run. This is a bug in driver acme 1.4.0; please report it to its author.',
    ])
  })

  test.each([
    [['a'], ['a'], 'RULE_FAILED driver_config.a: is wrong'],
    [['mounts'], ['mounts', 0, 'target'], 'RULE_FAILED driver_config.mounts[0].target: is wrong'],
    [['mounts[].volume'], ['mounts', 0, 'read_only'], 'RULE_FAILED driver_config.mounts[0].read_only: is wrong'],
    [[''], [], 'RULE_FAILED driver_config: is wrong'],
    [['mounts[].volume'], ['mounts', 0, 'target'], 'reported driver_config.mounts[0].target, which it does not read'],
    [['mounts[].volume'], ['mounts'], 'reported driver_config.mounts, which it does not read'],
    [['b'], ['a'], 'reported driver_config.a, which it does not read'],
    [['b'], ['devices', 0], 'reported driver_config.devices[0], which it does not read'],
    [[], ['b'], 'reported driver_config.b, which it does not read'],
  ])('that reads %j and reports %j: %s', (reads, place, expected) => {
    const reporting = rule<unknown>('reporting', { reads }, ({ value, fail }) => {
      if (!hasA(value)) return
      try {
        fail(place, 'RULE_FAILED', { problem: 'is wrong' })
      } catch {
        expect.fail('a rule must not be able to hide what it reported')
      }
    })
    const [problem] = ruleProblems([reporting], { a: 'x', mounts: [{ volume: 'v', target: '/t' }] })
    expect(problem).toContain(expected)
    expect(problem?.startsWith('RULE_THREW')).toBe(expected.startsWith('reported'))
  })

  test('that is asynchronous is a fault of the driver', () => {
    const late = rule<unknown>('late', { reads: [] }, ({ value }) => {
      if (hasA(value)) return Promise.resolve() as unknown as undefined
    })
    expect(ruleProblems([late], { a: 'x' })[0]).toMatch(/^RULE_THREW/)
  })

  test('that is asynchronous and fails later ends no process', async () => {
    const late = rule<unknown>('late', { reads: [] }, ({ value }) => {
      if (hasA(value)) return Promise.reject(new Error('late')) as unknown as undefined
    })
    expect(await unhandledRejections(() => ruleProblems([late], { a: 'x' }))).toEqual([])
  })

  test('gets a value that it cannot change', () => {
    const writing = rule<{ a?: string }>('writing', { reads: [] }, ({ value }) => {
      if (hasA(value)) (value as { a: string }).a = 'changed'
    })
    expect(ruleProblems([writing as ConfigRule<unknown>], { a: 'x' })[0]).toMatch(/^RULE_THREW/)
  })

  test('gets a request that it cannot change, and the caller keeps one that it can', () => {
    const request = { gpu: { count: 1 } }
    const writing = rule<unknown>('writing', { reads: [] }, ({ value, request: seen }) => {
      if (hasA(value)) (seen as { gpu: { count: number } }).gpu.count = 9
    })
    expect(ruleProblems([writing], { a: 'x' }, { request })[0]).toMatch(/^RULE_THREW/)
    expect(request).toEqual({ gpu: { count: 1 } })
    expect(Object.isFrozen(request.gpu)).toBe(false)
  })

  test('can be launched softly', () => {
    const soft = { ...failing, enforce: 'warn' as const }
    expect(ruleProblems([soft], { a: 'x' })).toEqual([
      'RULE_WOULD_FAIL driver_config.a: is never right; a later release will refuse this',
    ])
  })

  test('of the current version judges an older document at its own places', () => {
    const config = defineDriverConfig('acme')
      .version(1, Type.Object({ mnts: optional(Type.Array(Type.Object({ dst: Type.String() }))) }), emptyExamples)
      .version(
        2,
        Type.Object({
          mounts: optional(Type.Array(Type.Object({ target: Type.String() }))),
          extra: optional(Type.String()),
        }),
        {
          ...emptyExamples,
          replaces: { mnts: 'mounts', 'mnts[].dst': 'mounts[].target' },
          up: (old) => ({
            ...(old.mnts === undefined ? {} : { mounts: old.mnts.map(({ dst }) => ({ target: dst })), extra: 'x' }),
          }),
        },
      )
      .build({
        rules: [
          unique('mounts[]', 'target'),
          rule('no-extra', { reads: ['extra'] }, ({ value, fail }) => {
            if (value.extra !== undefined) fail('extra', 'RULE_FAILED', { problem: 'must not be there' })
          }),
        ],
      })
    const result = config.safeParse({ mnts: [{ dst: '/a' }, { dst: '/a' }] })
    expect(result).toMatchObject({
      issues: [
        { path: 'driver_config', message: 'driver_config: must not be there (after upgrade to schema_version 2)' },
        { path: 'driver_config.mnts[1].dst', code: 'ITEMS_NOT_UNIQUE', schemaVersion: 1, otherVersion: 2 },
      ],
    })
  })
})
