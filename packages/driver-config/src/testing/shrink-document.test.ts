import { expect, test } from 'vitest'
import type { JsonValue } from '../envelope/json-value.js'
import { shrinkDocument } from './shrink-document.js'

const isIn = (text: string) => (value: JsonValue) => JSON.stringify(value).includes(text)

test.each<[string, JsonValue, (value: JsonValue) => boolean, JsonValue]>([
  ['members that do not matter', { a: 1, b: { c: true, d: [1] } }, isIn('"c":true'), { b: { c: true } }],
  ['items that do not matter', { list: [1, 2, { x: 'abc' }, 4] }, isIn('"x"'), { list: [{ x: '' }] }],
  [
    'texts and numbers',
    { text: 'ééé', size: 4_096 },
    (value) => isIn('"text":"')(value) && !isIn('""')(value),
    { text: 'a' },
  ],
  ['everything', { a: 1 }, () => true, {}],
  ['nothing', { a: 'abc' }, isIn('abc'), { a: 'abc' }],
])('leaves out %s', (_what, document, fails, smallest) => {
  expect(shrinkDocument(document, fails)).toEqual(smallest)
})

test('asks no more often than there is something to make smaller', () => {
  let calls = 0
  const document = { a: 'a', b: 'a', c: 1, d: false }
  shrinkDocument(document, () => {
    calls += 1
    return false
  })
  expect(calls).toBe(7)
})
