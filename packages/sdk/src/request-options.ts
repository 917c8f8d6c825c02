/** What every call takes. */
export interface RequestOptions {
  /** Ends the call; a change that was already sent may happen all the same. */
  readonly signal?: AbortSignal
}
