import { expect, test } from 'vitest'
import { pageOf } from './page-of.js'

const items = Array.from({ length: 1_500 }, (_, index) => ({ id: `${index}` }))
const run = { run: 'one' }

test.each([
  [0, 100],
  [7, 7],
  [5_000, 1_000],
])('a page of size %i holds %i items, and the next one begins behind it', (pageSize, count) => {
  const page = pageOf(items, { pageSize, pageToken: '' }, run)
  expect(page.items.map(({ id }) => id)).toEqual(items.slice(0, count).map(({ id }) => id))
  const next = pageOf(items, { pageSize: 1, pageToken: page.nextPageToken }, run)
  expect(next.items).toEqual([items[count]])
})

test('the last page has no token, and a token of another run is none', () => {
  const first = pageOf(items, { pageSize: 1_000, pageToken: '' }, run)
  const last = pageOf(items, { pageSize: 1_000, pageToken: first.nextPageToken }, run)
  expect([last.items.length, last.nextPageToken]).toEqual([500, ''])
  const later = () => pageOf(items, { pageSize: 1, pageToken: first.nextPageToken }, { run: 'two' })
  expect(later).toThrow('page_token is not valid')
})
