/** What a derived client has of its own; what is absent is as on the client that it comes from. */
export interface DerivedClientOptions {
  /** Ends every call of the derived client, streams, waits and forwards too, beside the signal of each call. */
  readonly signal?: AbortSignal
  /** Limit of one request with all its attempts; 0 means none. */
  readonly requestTimeoutMs?: number
  /**
   * Headers that go along with each call, such as `traceparent`: names of HTTP, values of visible ASCII and inner spaces. Those of
   * credentials, of gRPC and of HTTP itself are refused. Not a place for secrets: interceptors see them.
   */
  readonly headers?: Readonly<Record<string, string>>
}

/** Names of all options, for the check of mistyped ones. */
export const DERIVED_CLIENT_OPTIONS = [
  'signal',
  'requestTimeoutMs',
  'headers',
] as const satisfies readonly (keyof DerivedClientOptions)[]
