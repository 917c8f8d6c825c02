import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { rule } from '../check/rules.js'
import { defineDriverConfig } from '../define/define-driver-config.js'
import type { DriverConfig } from '../define/driver-config.js'
import { noDriverConfig } from '../define/no-driver-config.js'
import { checkCompatibility } from './check-compatibility.js'
import type { CompatibilityReport } from './compatibility-report.js'
import type { ConfigLock } from './config-lock.js'
import { readConfigLock } from './read-config-lock.js'
import { writeConfigLock } from './write-config-lock.js'

const now = new Date('2026-11-27T12:00:00Z')
const examples = {
  minimal: {},
  full: {},
  invalid: [{ value: { nothing: 5 }, code: 'UNKNOWN_FIELD', path: 'driver_config.nothing' }],
} as const

type Options = Parameters<ReturnType<typeof defineDriverConfig>['version']>[2]
const size = { size: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 })) }

/** A config of one version; `size` may differ from release to release. */
function one(fields: Record<string, Type.TSchema> = size, options: Partial<Options> = {}, unversioned = 1) {
  const settings = { examples, ...options } as never
  const built = defineDriverConfig('acme', { unversioned }).version(1, Type.Object(fields), settings)
  return built.build() as DriverConfig<unknown>
}

/** A config whose second version calls the size `size_gib`. */
function two(first: Record<string, Type.TSchema> = size, options: Partial<Options> = {}, unversioned = 1) {
  return defineDriverConfig('acme', { unversioned })
    .version(1, Type.Object(first), { examples, ...options } as never)
    .version(2, Type.Object({ size_gib: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 })) }), {
      examples,
      replaces: 'size' in first ? { size: 'size_gib' } : {},
      up: ((v1: { size?: number }) => (v1.size === undefined ? {} : { size_gib: v1.size })) as never,
    })
    .build() as DriverConfig<unknown>
}

/** A config that reads version 2 only. */
function second(isStated: boolean, unversioned = 1) {
  const start = defineDriverConfig('acme', { unversioned })
  const stated = isStated ? start.removed(1, { in: '3.0.0', lastReader: '2.9' }) : start
  const shape = Type.Object({ size_gib: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 })) })
  return stated.version(2, shape, { examples }).build() as DriverConfig<unknown>
}

const lockOf = (config: DriverConfig<unknown>, lock?: ConfigLock) =>
  readConfigLock(writeConfigLock(config, { release: true, ...(lock === undefined ? {} : { lock }) }).text)

const rulesOf = ({ changes }: CompatibilityReport) =>
  changes.map(({ verdict, rule: id, version }) => `${verdict} ${id} ${version}`)
const codesOf = ({ notices }: CompatibilityReport) => notices.map(({ verdict, code }) => `${verdict} ${code}`)

const even = rule('even', { reads: ['size'] }, () => undefined)
const laterEven = rule('even', { reads: ['size'], revision: 2 }, () => undefined)
const softEven = rule('even', { reads: ['size'], enforce: 'warn' }, () => undefined)
const small = { size: Type.Optional(Type.Integer({ minimum: 1, maximum: 32 })) }
const ignoring = {
  unknownKeys: 'warn',
  examples: { ...examples, invalid: [{ value: { size: 0 }, code: 'NUMBER_OUT_OF_RANGE', path: 'driver_config.size' }] },
} as const
const more = { ...size, colour: Type.Optional(Type.String()) }

describe('what differs from a release, and what recording it leaves', () => {
  test.each<[string, DriverConfig<unknown>, DriverConfig<unknown>, CompatibilityReport['verdict'], readonly string[]]>([
    ['nothing', one(), one(), 'ok', []],
    ['a tighter bound', one(), one(small), 'break', ['break BOUND_TIGHTENED 1']],
    ['the same bound with a new version beside it', one(), two(small), 'break', ['break BOUND_TIGHTENED 1']],
    [
      'a new field in a version that has a successor',
      two(),
      two(more),
      'break',
      ['ok OPTIONAL_ADDED 1', 'break FROZEN_VERSION_EDITED 1'],
    ],
    ['a version that went without a word', two(), second(false), 'break', ['break MIN_VERSION_RAISED 1']],
    [
      'a removed version that was never deprecated',
      two(),
      second(true),
      'break',
      ['break REMOVED_WITHOUT_DEPRECATION 1'],
    ],
    ['a removed version that was deprecated', two(size, { status: 'deprecated' }), second(true), 'ok', []],
    ['a removal that is not stated any more', second(true), second(false), 'break', ['break TOMBSTONE_REMOVED 1']],
    ['a removed number that is declared again', second(true), two(), 'break', ['break VERSION_NUMBER_REUSED 1']],
    ['another baseline', two(), two(size, {}, 2), 'break', ['break UNVERSIONED_BASELINE_CHANGED 0']],
    ['a lower stage', one(), one(size, { status: 'beta' }), 'break', ['break STAGE_LOWERED 1']],
    ['a new rule', one(), one(size, { rules: [even] } as never), 'unknown', ['unknown RULE_ADDED 1']],
    [
      'a rule that starts to refuse',
      one(size, { rules: [softEven] } as never),
      one(size, { rules: [even] } as never),
      'unknown',
      ['unknown RULE_ADDED 1'],
    ],
    [
      'a rule with another meaning',
      one(size, { rules: [even] } as never),
      one(size, { rules: [laterEven] } as never),
      'unknown',
      ['unknown RULE_CHANGED 1'],
    ],
    ['a rule that is gone', one(size, { rules: [even] } as never), one(), 'unknown', ['unknown RULE_CHANGED 1']],
    [
      'unknown keys that are refused now',
      one(size, ignoring),
      one(),
      'break',
      ['break OBJECT_CLOSED 1', 'ok EXAMPLE_CHANGED 1'],
    ],
    [
      'a field for a key that was left out',
      one(size, ignoring),
      one(more, ignoring),
      'unknown',
      ['unknown UNDECIDED_CHANGE 1'],
    ],
    ['a field that is left out now', one(more, ignoring), one(size, ignoring), 'break', ['break PROPERTY_REMOVED 1']],
    [
      'a tighter bound in an experimental version',
      one(size, { status: 'experimental' }),
      one(small, { status: 'experimental' }),
      'ok',
      ['warning BOUND_TIGHTENED 1'],
    ],
  ])('%s', (_what, before, after, verdict, changes) => {
    const lock = lockOf(before)
    const recorded = checkCompatibility(after, lockOf(after, lock), { now })
    const found = checkCompatibility(after, lock, { now })
    expect({ verdict: recorded.verdict, changes: rulesOf(found) }).toEqual({ verdict, changes })
  })
})

test('a lower limit is a difference of the whole config', () => {
  const lowered = defineDriverConfig('acme')
    .version(1, Type.Object(size), { examples })
    .build({ limits: { depth: 4 } })
  const report = checkCompatibility(lowered as DriverConfig<unknown>, lockOf(one()), { now })
  expect(report.changes).toMatchObject([{ rule: 'LIMIT_LOWERED', version: 0, before: 16, after: 4 }])
})

describe('the way from an older version', () => {
  /** A config whose second version takes sizes up to `maximum`. */
  const narrowed = (maximum: number) =>
    defineDriverConfig('acme')
      .version(1, Type.Object(size), { examples })
      .version(2, Type.Object({ size: Type.Optional(Type.Integer({ minimum: 1, maximum })) }), {
        examples,
        up: (v1) => v1,
      })
      .build() as DriverConfig<unknown>

  test('is tried with the documents of that version, and what works is said', () => {
    const report = checkCompatibility(narrowed(64), lockOf(narrowed(64)), { now, runs: 50 })
    expect(report).toMatchObject({ verdict: 'ok', changes: [], migrations: [{ from: 1, to: 2, result: 'tested' }] })
  })

  test('that fails for a document is a break, which no waiver covers', () => {
    const lock = lockOf(narrowed(32))
    const report = checkCompatibility(narrowed(32), lock, { now, runs: 50 })
    const [change] = report.changes
    expect(report).toMatchObject({ verdict: 'break', migrations: [{ result: 'counterexample' }] })
    expect(change).toMatchObject({
      rule: 'MIGRATION_COUNTEREXAMPLE',
      version: 1,
      witness: { size: expect.any(Number) },
    })
    const { fingerprint = '', rule: id = '' } = change ?? {}
    const waivers = [{ fingerprint, rule: id, reason: 'rare', by: 'us', expires: '2027-01-31' }]
    const again = checkCompatibility(narrowed(32), { ...lock, waivers }, { now, runs: 50 })
    expect([again.verdict, codesOf(again)]).toEqual(['break', ['warning WAIVER_UNUSED']])
  })
})

describe('recording', () => {
  test('what a released version gains is drift until it is recorded, and then it stays', () => {
    const found = checkCompatibility(one(more), lockOf(one()), { now })
    expect([found.verdict, rulesOf(found), codesOf(found)]).toEqual([
      'break',
      ['ok OPTIONAL_ADDED 1'],
      ['break LOCK_DRIFT'],
    ])
    const grown = lockOf(one(more), lockOf(one()))
    expect(checkCompatibility(one(more), grown, { now })).toMatchObject({ verdict: 'ok', changes: [], notices: [] })
    expect(checkCompatibility(one(), grown, { now }).verdict).toBe('break')
  })

  test('a released version is never rewritten, and what else the config adds is recorded', () => {
    const before = lockOf(one())
    const after = writeConfigLock(two(small), { lock: before }).lock
    expect(after.versions['1']).toEqual(before.versions['1'])
    expect(after.versions['2']).toMatchObject({ released: false })
    expect(writeConfigLock(one(), { lock: after }).lock.versions['1']).toEqual(before.versions['1'])
  })

  test('a version that is not released changes freely, until another one follows', () => {
    const draft = writeConfigLock(one()).lock
    const changed = writeConfigLock(one(small), { lock: draft }).lock
    expect(changed.versions).toEqual(writeConfigLock(one(small)).lock.versions)
    expect(checkCompatibility(one(small), changed, { now })).toMatchObject({ verdict: 'ok', changes: [] })
    const followed = writeConfigLock(two(small), { lock: changed }).lock
    expect(checkCompatibility(two(), followed, { now }).changes).not.toEqual([])
  })

  test('the records of removed versions stay', () => {
    const before = lockOf(two(size, { status: 'deprecated' }))
    const after = writeConfigLock(second(true), { lock: before }).lock
    expect(after.versions['1']).toEqual(before.versions['1'])
    expect(after.removed).toEqual({ 1: { in: '3.0.0', lastReader: '2.9' } })
  })
})

describe('the lock of the base branch', () => {
  test('wins, so that an edited lock cannot bless itself', () => {
    const base = lockOf(one())
    const edited = lockOf(one(small))
    expect(checkCompatibility(one(small), edited, { now }).verdict).toBe('ok')
    const report = checkCompatibility(one(small), edited, { now, base })
    expect([report.verdict, rulesOf(report), codesOf(report)]).toEqual([
      'break',
      ['break BOUND_TIGHTENED 1'],
      ['break LOCK_EDITED'],
    ])
  })

  test.each<[string, (lock: ConfigLock) => ConfigLock]>([
    ['a record that is gone', (lock) => ({ ...lock, versions: {} })],
    [
      'a record that is no longer frozen',
      (lock) => ({ ...lock, versions: writeConfigLock(second(true)).lock.versions }),
    ],
    ['another baseline', (lock) => ({ ...lock, unversioned: 2 })],
    ['a removal that is gone', (lock) => ({ ...lock, removed: {} })],
  ])('tells %s', (_what, edit) => {
    const base = { ...lockOf(second(true)), removed: { 1: { in: '3.0.0', lastReader: '2.9' } } }
    expect(codesOf(checkCompatibility(second(true), edit(base), { now, base }))).toContain('break LOCK_EDITED')
  })

  test('may lag behind what is added', () => {
    const base = lockOf(one())
    expect(checkCompatibility(two(), lockOf(two(), base), { now, base }).verdict).toBe('ok')
  })
})

describe('a waiver', () => {
  const lock = lockOf(one())
  const [change] = checkCompatibility(one(small), lock, { now }).changes
  const waiver = {
    fingerprint: change?.fingerprint ?? '',
    rule: 'BOUND_TIGHTENED',
    reason: 'nobody has more',
    by: 'the owner',
    expires: '2026-11-27',
  }
  const report = (waivers: ConfigLock['waivers'], config = one(small)) =>
    checkCompatibility(config, { ...lock, waivers }, { now })

  test('covers the difference that it names, up to its last day', () => {
    expect(report([])).toMatchObject({ verdict: 'break' })
    expect(report([waiver])).toMatchObject({ verdict: 'ok', changes: [{ waiver }], notices: [] })
  })

  test('dies with the difference', () => {
    const smaller = one({ size: Type.Optional(Type.Integer({ minimum: 1, maximum: 16 })) })
    const { verdict, notices } = report([waiver], smaller)
    expect([verdict, notices.map(({ code }) => code)]).toEqual(['break', ['WAIVER_UNUSED']])
  })

  test.each([
    ['is out of date', { ...waiver, expires: '2026-11-26' }, 'break', 'break WAIVER_EXPIRED'],
    ['names another rule', { ...waiver, rule: 'PROPERTY_REMOVED' }, 'break', 'warning WAIVER_UNUSED'],
  ])('that %s covers nothing', (_what, other, verdict, code) => {
    const found = report([other])
    expect([found.verdict, codesOf(found)]).toEqual([verdict, [code]])
  })

  test('that is not needed is a warning', () => {
    const found = report([waiver], one())
    expect([found.verdict, codesOf(found)]).toEqual(['ok', ['warning WAIVER_UNUSED']])
  })
})

test('a fingerprint depends on what a difference says, and on nothing else', () => {
  const prints = [one(small), two(small), one({ ...small, colour: Type.Optional(Type.String()) })].map((config) => {
    const { changes } = checkCompatibility(config, lockOf(one()), { now })
    return changes.find(({ rule: id }) => id === 'BOUND_TIGHTENED')?.fingerprint
  })
  expect(prints[0]).toMatch(/^[0-9a-f]{12}$/)
  expect(new Set(prints).size).toBe(1)
})

test('locks of other drivers, and configs that take nothing, are refused', () => {
  const other = { ...lockOf(one()), driver: 'other' }
  expect(() => checkCompatibility(one(), other, { now })).toThrow(
    'lock.driver: is "other", but the config is the one of "acme".',
  )
  expect(() => writeConfigLock(one(), { lock: other })).toThrow('Name the lock file of this driver.')
  expect(() => writeConfigLock(noDriverConfig('acme') as DriverConfig<unknown>)).toThrow('there is nothing to record')
})
