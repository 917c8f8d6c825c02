/** What every call takes. */
export interface RequestOptions {
  /** Ends the call; a change that was already sent may happen all the same. */
  readonly signal?: AbortSignal
}

/** What a call takes that changes something. */
export interface ChangeOptions extends RequestOptions {
  /**
   * UUID of this change, to have it happen once even over a restart of the caller: the gateway answers a repeated call with what it
   * answered first, for a day. Wire line 0.1 only; there one is made for each call when absent.
   */
  readonly requestId?: string
}

/** Names of the options of a call that changes nothing. */
export const REQUEST_OPTIONS = ['signal'] as const satisfies readonly (keyof RequestOptions)[]

/** Names of the options of a call that changes something. */
export const CHANGE_OPTIONS = ['signal', 'requestId'] as const satisfies readonly (keyof ChangeOptions)[]
