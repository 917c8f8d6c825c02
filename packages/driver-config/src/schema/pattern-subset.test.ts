import { expect, test } from 'vitest'
import { defaultLimits } from '../check/limits.js'
import { formats } from './formats.js'
import { maximumPatternCost, patternCost } from './pattern-cost.js'
import { checkPattern, requireFastPattern } from './pattern-subset.js'

test.each([
  '^[a-z]+$',
  '^[0-7]{3}$',
  '^a{2,5}b*$',
  '^(?:[a-z]{3}-)*[a-z]$',
  '^\\p{L}+$',
  '^(a|b)$',
  '^(?:ab)+$',
  '^[*+?({|]+$',
  '^\\(+$',
  '^x\\u{1F600}*$',
  '^a+b+c+$',
  '^(?:a|bc)?d*$',
])('%s is accepted', (pattern) => {
  expect(() => checkPattern(pattern, '')).not.toThrow()
})

test.each([
  ['^(a+)+$', 'repetition'],
  ['^(?:a*b)*$', 'repetition'],
  ['^(?:a|ab)+$', 'repetition'],
  ['^(a?a)*$', 'repetition'],
  ['^((a{1,9}))+$', 'repetition'],
  ['^(?=a)b$', 'look-around'],
  ['^(?!a)b$', 'look-around'],
  ['(?<=a)b', 'look-around'],
  ['^(a)\\1$', 'back-references'],
  ['^(?<x>a)\\k<x>$', 'back-references'],
  ['[', 'regular expression'],
  ['^a\\-b$', 'regular expression'],
])('%s is refused: %s', (pattern, reason) => {
  expect(() => checkPattern(pattern, '/pattern')).toThrow(reason)
})

test.each([
  ['^[a-z]+-[a-z]+-[a-z]+$', 1_024],
  ['^a*a*b$', 1_024],
  ['[a-z]+', 1_024],
  ['^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?){0,3}$', 253],
  ['^(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])$', 16_384],
  ['^(?:[0-9]+h)?(?:[0-9]+m)?(?:[0-9]+s)?$', 64],
  ['^[a-z0-9.-]+(?::[0-9]+)?/[a-z0-9._/-]+(?::[A-Za-z0-9._-]{1,128})?(?:@sha256:[0-9a-f]{64})?$', 512],
])('%s is fast', (pattern, length) => {
  expect(() => requireFastPattern(pattern, length, '')).not.toThrow()
})

test.each([
  ['^a*a*a*b$', 1_024],
  ['^(?:a|a){30}b$', 16_384],
  ['^(?:a?){30}a{30}$', 16_384],
  ['^(?:a{0,50}){50}b$', 16_384],
  ['^(?:a|ab|abc){1,20}$', 64],
  ['[a-z]{1,9000}-', 16_384],
  ['^[^x]*[\\u{1F600}-\\u{1F64F}]*\\p{So}*\\p{S}*!$', 1_024],
])('%s is slow for some text', (pattern, length) => {
  expect(() => requireFastPattern(pattern, length, '')).toThrow('some texts make this pattern slow')
})

test('a pattern without an unbounded repetition bounds its texts', () => {
  expect(checkPattern('^[0-7]{3}$', '').bounded).toBe(true)
  expect(checkPattern('^a{2,}$', '').bounded).toBe(false)
  expect(checkPattern('^a*$', '').bounded).toBe(false)
})

test.each(Object.entries(formats))('the format %s accepts and refuses its examples', (_name, format) => {
  const matches = (text: string): boolean => {
    const refused = 'refused' in format ? new RegExp(format.refused, 'u') : undefined
    return new RegExp(format.pattern, 'u').test(text) && refused?.test(text) !== true
  }
  expect(format.accepts.filter((text) => !matches(text))).toEqual([])
  expect(format.refuses.filter((text) => matches(text))).toEqual([])
})

test.each(Object.entries(formats))('the format %s reads the longest text in few steps', (_, { pattern }) => {
  expect(patternCost(pattern, defaultLimits.stringLength)).toBeLessThanOrEqual(maximumPatternCost)
})
