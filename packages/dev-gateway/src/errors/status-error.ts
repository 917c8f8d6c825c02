import { Metadata, status } from '@grpc/grpc-js'

/** An answer that is no success: a gRPC code, the text for the caller, and trailers when there are any. */
export class StatusError extends Error {
  override readonly name = 'StatusError'
  /** The gRPC code. */
  readonly code: status
  /** What the caller reads; may be empty, never holds a secret. */
  readonly details: string
  /** Trailers that travel with the status, error details included; empty when there are none. */
  readonly metadata: Metadata

  constructor(code: status, details: string, metadata: Metadata = new Metadata()) {
    super(details)
    this.code = code
    this.details = details
    this.metadata = metadata
  }
}

/** INVALID_ARGUMENT with this text. */
export function invalidArgument(text: string): StatusError {
  return new StatusError(status.INVALID_ARGUMENT, text)
}

/** NOT_FOUND with this text. */
export function notFound(text: string): StatusError {
  return new StatusError(status.NOT_FOUND, text)
}

/** FAILED_PRECONDITION with this text. */
export function failedPrecondition(text: string): StatusError {
  return new StatusError(status.FAILED_PRECONDITION, text)
}

/** PERMISSION_DENIED with this text. */
export function permissionDenied(text: string): StatusError {
  return new StatusError(status.PERMISSION_DENIED, text)
}

/** UNAVAILABLE with this text. */
export function unavailable(text: string): StatusError {
  return new StatusError(status.UNAVAILABLE, text)
}

/** ALREADY_EXISTS with this text. */
export function alreadyExists(text: string): StatusError {
  return new StatusError(status.ALREADY_EXISTS, text)
}

/** UNIMPLEMENTED with this text. */
export function unimplemented(text: string): StatusError {
  return new StatusError(status.UNIMPLEMENTED, text)
}

/** CANCELLED: nobody waits for the answer any more. */
export function callCancelled(): StatusError {
  return new StatusError(status.CANCELLED, 'the call was cancelled')
}
