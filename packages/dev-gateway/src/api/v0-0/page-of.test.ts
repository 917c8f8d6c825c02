import { expect, test } from 'vitest'
import { pageOf } from './page-of.js'

const items = Array.from({ length: 1500 }, (_, index) => index)

test.each([
  [0, 0, 100],
  [7, 0, 7],
  [5000, 0, 1000],
  [10, 1495, 5],
  [10, 2000, 0],
])('limit %i from %i gives %i', (limit, offset, count) => {
  const page = pageOf(items, { limit, offset })
  expect(page.length).toBe(count)
  expect(page[0]).toBe(count === 0 ? undefined : offset)
})
