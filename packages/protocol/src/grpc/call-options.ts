import { type CallOptions, Metadata } from '@grpc/grpc-js'
import { refuseCall } from './refused-call.js'

/** What one call may carry besides its message. */
export interface GrpcCallOptions {
  /** Request metadata, such as `authorization`; none when absent. */
  readonly metadata?: Metadata | undefined
  /**
   * Cancels the call when it aborts; the call then fails with CANCELLED. A signal that is aborted already keeps the
   * call from being sent.
   */
  readonly signal?: AbortSignal | undefined
  /** When the call fails with DEADLINE_EXCEEDED; the server sees it too. No deadline when absent. */
  readonly deadline?: Date | undefined
  /**
   * Receives the initial metadata of the answer, once. It is not called when the server answers with an error alone:
   * all it sent is then in the error's `metadata`.
   */
  readonly onHeaders?: ((headers: Metadata) => void) | undefined
}

/** The two arguments in which grpc-js takes metadata and deadline. */
export function toCallArguments({ metadata, deadline, signal }: GrpcCallOptions): [Metadata, CallOptions] {
  const options = signal?.aborted ? { interceptors: [refuseCall] } : deadline ? { deadline } : {}
  return [metadata ?? new Metadata(), options]
}
