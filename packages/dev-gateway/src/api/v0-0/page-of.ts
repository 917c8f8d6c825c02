const defaultLimit = 100
const largestLimit = 1000

/** One page of a list; a limit of 0 means 100, and more than 1000 is cut without a word. */
export function pageOf<Item>(
  items: readonly Item[],
  page: { readonly limit: number; readonly offset: number },
): Item[] {
  const limit = Math.min(page.limit === 0 ? defaultLimit : page.limit, largestLimit)
  return items.slice(page.offset, page.offset + limit)
}
