/** Which page of a list to read. */
export interface PageRequest {
  readonly pageSize: number
  /** Token of the page before; empty for the first page. */
  readonly pageToken: string
}

/** One page, with the token of the next one; empty after the last. */
export interface PageReply<T> {
  readonly items: readonly T[]
  readonly nextPageToken: string
}
