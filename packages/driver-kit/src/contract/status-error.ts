import { status as codes, Metadata } from '@grpc/grpc-js'
import { boundMessage } from '@openshell-ts/driver-config'
import { DriverError, type DriverErrorCode } from '../driver/driver-error.js'
import type { DriverLogger } from '../driver/driver-logger.js'
import { hideSecrets } from '../secrets/secret-scope.js'

/** An error that is a gRPC status already. */
export class StatusError extends Error {
  override readonly name = 'StatusError'
  /** The gRPC status code. */
  readonly code: codes
  /** An encoded google.rpc.Status; none when absent. */
  readonly details: Uint8Array | undefined

  constructor(code: codes, message: string, details?: Uint8Array) {
    super(message)
    this.code = code
    this.details = details
  }
}

const codeOf: Readonly<Record<DriverErrorCode, codes>> = {
  'invalid-argument': codes.INVALID_ARGUMENT,
  'failed-precondition': codes.FAILED_PRECONDITION,
  'not-found': codes.NOT_FOUND,
  'already-exists': codes.ALREADY_EXISTS,
  'resource-exhausted': codes.RESOURCE_EXHAUSTED,
  'permission-denied': codes.PERMISSION_DENIED,
  aborted: codes.ABORTED,
  unavailable: codes.UNAVAILABLE,
  'deadline-exceeded': codes.DEADLINE_EXCEEDED,
  unimplemented: codes.UNIMPLEMENTED,
  internal: codes.INTERNAL,
}

/** The status that `@grpc/grpc-js` sends. */
export interface WireStatus {
  readonly code: codes
  readonly details: string
  readonly metadata?: Metadata
}

/**
 * The status for whatever a handler or the engine threw. The text of a `DriverError` is meant for users and is passed on;
 * any other error may hold anything, so it is logged and the user reads only what failed.
 */
export function toWireStatus(error: unknown, doing: string, logger: DriverLogger): WireStatus {
  if (error instanceof StatusError) {
    const { code, message, details } = error
    if (details === undefined) return { code, details: boundMessage(message) }
    const metadata = new Metadata()
    metadata.set('grpc-status-details-bin', Buffer.from(details))
    return { code, details: message, metadata }
  }
  if (error instanceof DriverError) {
    if (error.cause !== undefined) logger.warn({ err: error.cause }, `Failed to ${doing}`)
    return { code: codeOf[error.code] ?? codes.UNKNOWN, details: boundMessage(hideSecrets(error.message)) }
  }
  logger.error({ err: error }, `Failed to ${doing}`)
  return { code: codes.INTERNAL, details: `The driver failed to ${doing}. The reason is in the driver's log.` }
}
