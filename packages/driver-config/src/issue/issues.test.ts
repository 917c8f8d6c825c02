import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createIssue } from './config-issue.js'
import { faultReason, faultStatus } from './faults.js'
import { describeIssue, formatIssues } from './format-issues.js'
import { parsePath } from './parse-path.js'
import { formatPath, fromPointer, printableKey, toPointer } from './path.js'
import { editDistance, foldName, suggestNames } from './suggest.js'

const site = { root: 'driver_config', schemaVersion: 1 }

describe('a path', () => {
  test.each([
    [[], 'driver_config', ''],
    [['mounts', 0, 'read_only'], 'driver_config.mounts[0].read_only', '/mounts/0/read_only'],
    [['labels', 'a.b/c'], 'driver_config.labels["a.b/c"]', '/labels/a.b~1c'],
    [['a~b', ''], 'driver_config["a~b"][""]', '/a~0b/'],
    [['say "hi"\n'], 'driver_config["say \\"hi\\"\\u000a"]', '/say "hi"\n'],
  ])('%j', (tokens, path, pointer) => {
    expect(formatPath('driver_config', tokens)).toBe(path)
    expect(toPointer(tokens)).toBe(pointer)
    expect(fromPointer(pointer)).toEqual(tokens.map(String))
  })

  test('is read as it is written', () => {
    expect(parsePath('mounts[0].labels["a.b/c"].x-y')).toEqual(['mounts', 0, 'labels', 'a.b/c', 'x-y'])
    expect(() => parsePath('a[')).toThrow('not a path')
  })

  test('shows untrusted keys cut and without tricks', () => {
    expect(printableKey('x'.repeat(70))).toBe(`${'x'.repeat(64)}…`)
    expect(printableKey('a\u202eb\u0007\u2066c')).toBe('a\\u202eb\\u0007\\u2066c')
  })
})

describe('a suggestion', () => {
  test.each([
    ['readOnly', ['read_only'], ['read_only']],
    ['READ-ONLY', ['readonly', 'read_only'], ['readonly', 'read_only']],
    ['read_onyl', ['size', 'read_only'], ['read_only']],
    ['soruce', ['target', 'source'], ['source']],
    ['x', ['y', 'abc'], ['y']],
    ['zzz', ['size', 'readonly'], []],
    ['pool', ['storage_pool', 'profiles'], ['storage_pool']],
    ['moun', ['mount', 'mound', 'mouth', 'moul'], ['mount', 'mound', 'moul']],
  ])('for %s among %j is %j', (word, names, expected) => {
    expect(suggestNames(word, names)).toEqual(expected)
  })

  test('is not made for long words or long lists', () => {
    expect(suggestNames('a'.repeat(65), ['a'.repeat(65)])).toEqual([])
    expect(
      suggestNames(
        'a',
        Array.from({ length: 201 }, () => 'a'),
      ),
    ).toEqual([])
  })

  test('misses no near name, whatever its letters', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '_', 'é', '\u0141'), minLength: 3, maxLength: 9 })
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 6 }), (written, names) => {
        const limit = Math.max(1, Math.floor(written.length / 3))
        const distances = names.map((name) => editDistance(written, name)).filter((distance) => distance <= limit)
        const found = suggestNames(written, names)
        if (distances.length > 0) expect(found).not.toEqual([])
        const isFolded = found.some((name) => foldName(name) === foldName(written))
        if (isFolded || distances.length === 0) return
        expect(editDistance(written, found[0] ?? '')).toBe(Math.min(...distances))
      }),
    )
  })

  test('counts a swap of neighbours as one step', () => {
    expect(editDistance('ab', 'ba')).toBe(1)
    expect(editDistance('', 'abc')).toBe(3)
    expect(editDistance('kitten', 'sitting')).toBe(3)
  })
})

describe('a list of issues', () => {
  const user = createIssue(site, 'UNKNOWN_FIELD', ['a'], {})
  const operator = createIssue(site, 'CONFIG_DISABLED', [], {})
  const lookup = createIssue(site, 'RESOURCE_CHECK_FAILED', ['b'], {})
  const missing = createIssue(site, 'RESOURCE_NOT_FOUND', ['b'], {})
  const driver = createIssue(site, 'RULE_THREW', [], {})

  test.each([
    [[user, operator], 'INVALID_ARGUMENT'],
    [[user, driver], 'INTERNAL'],
    [[operator, missing], 'FAILED_PRECONDITION'],
    [[lookup], 'UNAVAILABLE'],
    [[lookup, missing], 'FAILED_PRECONDITION'],
  ])('%#: has the status %s', (issues, expected) => {
    expect(faultStatus(issues, 'validate')).toBe(expected)
  })

  test('is never an invalid argument of a creation', () => {
    expect(faultStatus([user], 'create')).toBe('FAILED_PRECONDITION')
    expect(faultStatus([lookup], 'create')).toBe('FAILED_PRECONDITION')
    expect(faultStatus([driver], 'create')).toBe('INTERNAL')
  })

  test('has its code as reason when there is one', () => {
    expect(faultReason([user, user])).toBe('UNKNOWN_FIELD')
    expect(faultReason([user, operator])).toBe('DRIVER_CONFIG_INVALID')
  })

  test('is text with a fix below each line, said once', () => {
    const ends = createIssue(site, 'UNKNOWN_FIELD', ['a'], { message: 'It is wrong. Do this.', fix: 'Do this.' })
    const warning = createIssue(site, 'FIELD_DEPRECATED', ['a'], { problem: 'is old', fix: 'Use b.' })
    expect(formatIssues([ends, warning])).toBe('It is wrong. Do this.\nwarning: driver_config.a: is old\n  fix: Use b.')
    expect(describeIssue(ends)).toBe('It is wrong. Do this.')
    expect(describeIssue(warning)).toBe('driver_config.a: is old. Use b.')
  })
})
