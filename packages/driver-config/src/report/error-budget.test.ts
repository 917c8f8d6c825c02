import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boundMessage, errorBytes } from './error-budget.js'

const anyText = fc.string({
  unit: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', '\udc00', '%', 'é')),
})

test('a bounded message fits, can be encoded, and begins as the message does', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 20, max: 200 }), (text, budget) => {
      const bounded = boundMessage(text, budget)
      expect(errorBytes(bounded)).toBeLessThanOrEqual(budget)
      expect(errorBytes(bounded)).toBe(encodeURI(bounded).length)
    }),
  )
})

test('a message that fits is sent as it is', () => {
  expect(boundMessage('ünïcode, 100 %\n')).toBe('ünïcode, 100 %\n')
  expect(boundMessage('a'.repeat(30), 20)).toMatch(/^a+ …$/)
})

test('details count as base64', () => {
  expect([0, 1, 3, 4].map((length) => errorBytes('', length))).toEqual([0, 4, 4, 8])
})
