import { expect, test } from 'vitest'
import { type Page, Pager } from './pager.js'

function pagerOf(pages: Record<string, Page<string>>, asked: string[] = []): Pager<string> {
  return new Pager(
    async (token) => {
      asked.push(token)
      const page = pages[token]
      if (!page) throw new Error(`no page ${token}`)
      return page
    },
    (item) => item,
  )
}

test('gives the items of all pages, once each', async () => {
  const pager = pagerOf({
    '': { items: ['a', 'b'], nextPageToken: '2' },
    '2': { items: ['b', 'c'], nextPageToken: '' },
  })
  expect(await pager.toArray()).toEqual(['a', 'b', 'c'])
})

test('fetches no page before it is read', async () => {
  const asked: string[] = []
  const pager = pagerOf({ '': { items: ['a'], nextPageToken: '2' }, '2': { items: ['b'], nextPageToken: '' } }, asked)
  expect(asked).toEqual([])
  expect(await pager.toArray({ limit: 1 })).toEqual(['a'])
  expect(asked).toEqual([''])
  expect(await pager.toArray({ limit: 0 })).toEqual([])
})

test('stops when a token comes back', async () => {
  const pager = pagerOf({
    '': { items: ['a'], nextPageToken: '2' },
    '2': { items: ['b'], nextPageToken: '2' },
  })
  expect(await pager.toArray()).toEqual(['a', 'b'])
})
