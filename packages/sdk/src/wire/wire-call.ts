/** How one call is sent. */
export interface WireCall {
  /** Ends the call when it aborts. */
  readonly signal: AbortSignal
  /** Deadline of the call, sent along to the gateway; absent means none. */
  readonly timeoutMs?: number | undefined
}
