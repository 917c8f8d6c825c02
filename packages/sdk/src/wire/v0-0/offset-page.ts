import type { PageReply, PageRequest } from '../page.js'

/** Line 0.0 pages by offset; the token is the next offset. */
export function toOffset({ pageSize, pageToken }: PageRequest): { limit: number; offset: number } {
  return { limit: pageSize, offset: Number(pageToken) }
}

/** Reads a page. One that is not full is the last. */
export function toPage<Wire, T>(items: readonly Wire[], page: PageRequest, read: (item: Wire) => T): PageReply<T> {
  const { limit, offset } = toOffset(page)
  return { items: items.map(read), nextPageToken: items.length < limit ? '' : String(offset + items.length) }
}
