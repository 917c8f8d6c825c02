import { expect, test } from 'vitest'
import type { WireCall } from '../wire/wire-call.js'
import type { WireCodec } from '../wire/wire-codec.js'
import { listPages } from './list-pages.js'

const gateway = {
  read: <T>(_: unknown, send: (codec: WireCodec, call: WireCall) => Promise<T>) =>
    send({} as WireCodec, {} as WireCall),
}

// A gateway gives fewer than it is asked for above 1000, which on line 0.0 would look like the last page.
test.each([
  [undefined, 100],
  [1, 1],
  [1.5, 1],
  [1000, 1000],
  [1001, 1000],
  [Number.POSITIVE_INFINITY, 1000],
])('with a page size of %s a page of %i is asked for', async (pageSize, asked) => {
  const sizes: number[] = []
  const options = pageSize === undefined ? {} : { pageSize }
  const fetchPage = async (_: WireCodec, page: { readonly pageSize: number }) => {
    sizes.push(page.pageSize)
    return { items: ['a'], nextPageToken: '' }
  }
  await listPages(gateway, { rpc: 'ListSandboxes' }, options, fetchPage, String).toArray()
  expect(sizes).toEqual([asked])
})
