import { expect, test } from 'vitest'
import { parseLabelSelector } from './label-selector.js'

test.each([
  ['', true],
  [',', true],
  [' team=a', true],
  ['team=a,,tier=', true],
  ['team=b', false],
  ['team=a,other=x', false],
  ['constructor=x', false],
])('%j selects: %s', (selector, selected) => {
  expect(parseLabelSelector(selector)({ team: 'a', tier: '' })).toBe(selected)
})

test.each(['team', '=a', 'bad key=a', 'team=bad value', `${'x'.repeat(64)}=a`])('%j is refused', (selector) => {
  expect(() => parseLabelSelector(selector)).toThrow()
})

test('64 pairs are allowed, and one more is not', () => {
  const pairs = (count: number) => Array.from({ length: count }, (_, index) => `k${index}=v`).join()
  expect(() => parseLabelSelector(pairs(64))).not.toThrow()
  expect(() => parseLabelSelector(pairs(65))).toThrow('65 > 64')
})
