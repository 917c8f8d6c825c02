/** What a strict gateway holds against a test. */
export interface StrictProblem {
  readonly code: /** A client called what was not expected. */
    | 'unexpected-call'
    /** A method was called that the gateway does not have, or refuses on purpose with UNIMPLEMENTED. */
    | 'unserved-call'
    /** A call is not over: a stream that nobody ended, or an answer that nobody waited for. */
    | 'open-call'
    /** An expected call did not come, or not as often as it was expected. */
    | 'missing-call'
    /** A fault struck no call, or fewer than it says. */
    | 'unused-fault'
  /** The RPC that it is about, such as `WatchSandbox`; `driver/CreateSandbox` for a fault of the driver's calls, a path for an unknown method. */
  readonly rpc: string
  /** A sentence that says what happened and what to change. */
  readonly message: string
}
