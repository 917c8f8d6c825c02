/** One page of a list, with the token of the next; empty after the last. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly nextPageToken: string
}

/**
 * A list that is fetched page by page while it is read: `for await` gives the items, `pages()` the pages. An item that the
 * gateway repeats, because the list changed between two pages, is given once.
 */
export class Pager<T> implements AsyncIterable<T> {
  readonly #fetchPage: (pageToken: string) => Promise<Page<T>>
  readonly #idOf: (item: T) => string

  /** Fetches nothing until it is read. */
  constructor(fetchPage: (pageToken: string) => Promise<Page<T>>, idOf: (item: T) => string) {
    this.#fetchPage = fetchPage
    this.#idOf = idOf
  }

  /** The pages, in order; an empty list has none. */
  async *pages(): AsyncGenerator<readonly T[], void, undefined> {
    const seenTokens = new Set<string>()
    const seenIds = new Set<string>()
    let pageToken = ''
    do {
      seenTokens.add(pageToken)
      const page = await this.#fetchPage(pageToken)
      const fresh = page.items.filter((item) => !seenIds.has(this.#idOf(item)))
      for (const item of fresh) seenIds.add(this.#idOf(item))
      if (fresh.length > 0) yield fresh
      pageToken = page.nextPageToken
    } while (pageToken !== '' && !seenTokens.has(pageToken))
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page
  }

  /** Reads the list, at most `limit` items of it; all of them when absent, none for 0. */
  async toArray({ limit = Number.POSITIVE_INFINITY }: { readonly limit?: number } = {}): Promise<T[]> {
    const items: T[] = []
    if (limit <= 0) return items
    for await (const item of this) {
      items.push(item)
      if (items.length >= limit) break
    }
    return items
  }
}
