/** How one call is sent. */
export interface WireCall {
  /** Ends the call when it aborts. */
  readonly signal: AbortSignal
  /** Deadline of the call, sent along to the gateway; absent means none. */
  readonly timeoutMs?: number | undefined
  /**
   * UUID of the logical call, the same for all its attempts, that lets a change happen once. Absent for reads, and on a line
   * that keeps none.
   */
  readonly requestId?: string | undefined
  /** Sent along; absent means none. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}
