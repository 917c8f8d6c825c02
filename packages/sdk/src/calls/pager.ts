import { checkOptions } from '../checks/check-options.js'
import { limit as most } from '../checks/option-shapes.js'

/** One page of a list, with the token of the next; empty after the last. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly nextPageToken: string
}

/** How much of a list is read. */
export interface PagerArrayOptions {
  /** How many items at most; none for 0. @default Infinity */
  readonly limit?: number
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

  /** Reads the list, or the beginning of it. */
  async toArray(options: PagerArrayOptions = {}): Promise<T[]> {
    const { limit = Number.POSITIVE_INFINITY } = checkOptions('list.toArray', options, ['limit'], { limit: most })
    const items: T[] = []
    if (limit <= 0) return items
    for await (const item of this) {
      items.push(item)
      if (items.length >= limit) break
    }
    return items
  }
}
