import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { emptyExamples } from '../../test/version-examples.js'
import { defineDriverConfig } from '../define/define-driver-config.js'
import { gate } from './config-gate.js'
import type { ParseContext } from './lineage.js'
import { type ConfigRule, rule } from './rules.js'
import {
  exclusive,
  lengthEquals,
  noPathOverlap,
  onlyWith,
  readOnlyDominates,
  refers,
  requires,
  unique,
} from './standard-rules.js'

const optional = Type.Optional
const shape = Type.Object({
  a: optional(Type.String()),
  b: optional(Type.String()),
  devices: optional(Type.Array(Type.String())),
  volumes: optional(Type.Array(Type.Object({ name: Type.String(), read_only: optional(Type.Boolean()) }))),
  mounts: optional(
    Type.Array(
      Type.Object({ volume: Type.String(), target: optional(Type.String()), read_only: optional(Type.Boolean()) }),
    ),
  ),
})

/** The rejections that nobody handled after a call. */
async function unhandledRejections(call: () => unknown): Promise<unknown[]> {
  const unhandled: unknown[] = []
  const collect = (reason: unknown) => void unhandled.push(reason)
  process.on('unhandledRejection', collect)
  call()
  // Node reports them once the tasks of this turn are done.
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', collect)
  return unhandled
}

function problems(rules: ConfigRule<unknown>[], block: object, context: ParseContext = {}): string[] {
  const result = defineDriverConfig('acme').version(1, shape, emptyExamples).build({ rules }).safeParse(block, context)
  const issues = result.ok ? result.warnings : [...result.issues, ...result.warnings]
  return issues.map((issue) => `${issue.code} ${issue.message}`)
}

describe('a standard rule', () => {
  test('unique compares after normalising', () => {
    const rules = [unique('mounts[]', 'target', { normalise: (path) => path.replace(/\/$/, '') })]
    const block = {
      mounts: [
        { volume: 'x', target: '/a' },
        { volume: 'x', target: '/a/' },
        { volume: 'x', target: '/b' },
      ],
    }
    expect(problems(rules, block)).toEqual([
      'ITEMS_NOT_UNIQUE driver_config.mounts[1].target: repeats the target of item 0',
    ])
  })

  test('refers finds names that are not declared', () => {
    const block = { volumes: [{ name: 'x' }], mounts: [{ volume: 'x' }, { volume: 'y' }] }
    expect(problems([refers('mounts[].volume', 'volumes[].name')], block)).toEqual([
      'REFERENCE_UNKNOWN driver_config.mounts[1].volume: names nothing that volumes[].name declares',
    ])
  })

  test('exclusive and requires judge pairs', () => {
    expect(problems([exclusive('a', 'b')], { a: '1', b: '2' })).toEqual([
      'FIELDS_CONFLICT driver_config.b: cannot be used together with "a"',
    ])
    expect(problems([exclusive('a', 'b')], { a: '1' })).toEqual([])
    expect(problems([requires('b', 'a')], { b: '2' })).toEqual([
      'FIELD_NEEDS_OTHER driver_config.b: needs "a" beside it',
    ])
    expect(problems([requires('b', 'a')], { a: '1' })).toEqual([])
  })

  test('requires judges each item by itself', () => {
    const block = {
      mounts: [
        { volume: 'x', target: '/a' },
        { volume: 'y', read_only: true },
      ],
    }
    expect(problems([requires('mounts[].read_only', 'mounts[].target')], block)).toEqual([
      'FIELD_NEEDS_OTHER driver_config.mounts[1].read_only: needs "target" beside it',
    ])
  })

  test('exclusive and requires judge fields at different levels, within one item', () => {
    const part = Type.Object({
      x: optional(Type.String()),
      deep: optional(Type.Object({ y: optional(Type.String()) })),
    })
    const levels = Type.Object({
      top: optional(Type.String()),
      part: optional(part),
      parts: optional(Type.Array(part)),
    })
    const found = (judged: ConfigRule<unknown>, block: object) => {
      const result = defineDriverConfig('acme')
        .version(1, levels, emptyExamples)
        .build({ rules: [judged] })
        .safeParse(block)
      return result.ok ? [] : result.issues.map((issue) => issue.message)
    }
    const needs = requires('part.x', 'top')
    expect(found(needs, { part: { x: '1' } })).toEqual(['driver_config.part.x: needs "top"'])
    expect(found(needs, { part: { x: '1' }, top: '2' })).toEqual([])
    expect(found(exclusive('part.deep.y', 'part.x'), { part: { x: '1', deep: { y: '2' } } })).toEqual([
      'driver_config.part.x: cannot be used together with "part.deep.y"',
    ])
    const inItems = { parts: [{ x: '1' }, { x: '1', deep: { y: '2' } }] }
    expect(found(requires('parts[].x', 'parts[].deep.y'), inItems)).toEqual([
      'driver_config.parts[0].x: needs "parts[].deep.y"',
    ])
  })

  test('lengthEquals and onlyWith look at the request', () => {
    const rules = [lengthEquals('devices', 'gpu.count'), onlyWith('devices', 'gpu')]
    const block = { devices: ['0', '1'] }
    expect(problems(rules, block, { request: { gpu: { count: 2 } } })).toEqual([])
    expect(problems(rules, block, { request: { gpu: { count: 1 } } })).toEqual([
      'CONFLICTS_WITH_REQUEST driver_config.devices: has 2 items, but the request asks for 1 (gpu.count)',
    ])
    expect(problems(rules, block, { request: {} })).toEqual([
      'CONFLICTS_WITH_REQUEST driver_config.devices: is used only when the request has gpu',
    ])
  })

  test('readOnlyDominates refuses a writable use of a read-only source', () => {
    const rules = [readOnlyDominates('volumes[]', 'mounts[]', { parentKey: 'name', childKey: 'volume' })]
    const block = {
      volumes: [{ name: 'x', read_only: true }],
      mounts: [{ volume: 'x', read_only: false }, { volume: 'x' }],
    }
    expect(problems(rules, block)).toEqual([
      'FIELDS_CONFLICT driver_config.mounts[0].read_only: cannot be writable, its source is read-only',
    ])
  })

  test('noPathOverlap looks both ways, by whole segments', () => {
    const rules = [noPathOverlap('mounts[].target', ['/etc/openshell'], 'both-ways')]
    const at = (target: string) => problems(rules, { mounts: [{ volume: 'x', target }] })
    for (const target of ['/etc', '/etc/', '/etc/openshell', '/etc/openshell/x', '/'])
      expect(at(target)).toHaveLength(1)
    for (const target of ['/etc/openshell-tls', '/etcetera', '/opt']) expect(at(target)).toEqual([])
  })
})

describe('a rule', () => {
  // Nothing may be wrong with the examples, which are empty, so that every rule here minds "a" only.
  const hasA = (value: unknown): boolean => Object.hasOwn(value as object, 'a')
  const failing = rule<unknown>('always', { reads: ['a'], revision: 3 }, ({ value, fail }) => {
    if (hasA(value)) fail('a', 'RULE_FAILED', { problem: 'is never right' })
  })

  test('is named with its revision, and always has a fix', () => {
    const result = defineDriverConfig('acme')
      .version(1, shape, emptyExamples)
      .build({ rules: [failing] })
      .safeParse({ a: 'x' })
    expect(result).toMatchObject({ issues: [{ rule: 'always@3', fix: expect.any(String), pointer: '/a' }] })
  })

  test('does not run when a field that it reads is broken', () => {
    expect(problems([failing], { a: 5 })).toEqual(['TYPE_MISMATCH driver_config.a: must be a string, got a number'])
    expect(problems([failing], { a: 'x', b: 5 })).toHaveLength(2)
  })

  test('that throws refuses the block as a fault of the driver, without showing what it threw', () => {
    const broken = rule<unknown>('broken', { reads: [] }, ({ value }) => {
      if (hasA(value)) throw new Error('hunter2')
    })
    expect(problems([broken], { a: 'x' }, { driverVersion: '1.4.0' })).toEqual([
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
    const [problem] = problems([reporting], { a: 'x', mounts: [{ volume: 'v', target: '/t' }] })
    expect(problem).toContain(expected)
    expect(problem?.startsWith('RULE_THREW')).toBe(expected.startsWith('reported'))
  })

  test('that is asynchronous is a fault of the driver', () => {
    const late = rule<unknown>('late', { reads: [] }, ({ value }) => {
      if (hasA(value)) return Promise.resolve() as unknown as undefined
    })
    expect(problems([late], { a: 'x' })[0]).toMatch(/^RULE_THREW/)
  })

  test('that is asynchronous and fails later ends no process', async () => {
    const late = rule<unknown>('late', { reads: [] }, ({ value }) => {
      if (hasA(value)) return Promise.reject(new Error('late')) as unknown as undefined
    })
    expect(await unhandledRejections(() => problems([late], { a: 'x' }))).toEqual([])
  })

  test('gets a value that it cannot change', () => {
    const writing = rule<{ a?: string }>('writing', { reads: [] }, ({ value }) => {
      if (hasA(value)) (value as { a: string }).a = 'changed'
    })
    expect(problems([writing as ConfigRule<unknown>], { a: 'x' })[0]).toMatch(/^RULE_THREW/)
  })

  test('gets a request that it cannot change, and the caller keeps one that it can', () => {
    const request = { gpu: { count: 1 } }
    const writing = rule<unknown>('writing', { reads: [] }, ({ value, request: seen }) => {
      if (hasA(value)) (seen as { gpu: { count: number } }).gpu.count = 9
    })
    expect(problems([writing], { a: 'x' }, { request })[0]).toMatch(/^RULE_THREW/)
    expect(request).toEqual({ gpu: { count: 1 } })
    expect(Object.isFrozen(request.gpu)).toBe(false)
  })

  test('can be launched softly', () => {
    const soft = { ...failing, enforce: 'warn' as const }
    expect(problems([soft], { a: 'x' })).toEqual([
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
