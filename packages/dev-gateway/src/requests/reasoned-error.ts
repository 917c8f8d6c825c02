import type { status } from '@grpc/grpc-js'
import { StatusError } from '../server/status-error.js'

/** A refusal with a reason that programs branch on. */
export class ReasonedError extends StatusError {
  /** In capitals, such as `REQUEST_ID_PAYLOAD_MISMATCH`. */
  readonly reason: string

  constructor(code: status, details: string, reason: string) {
    super(code, details)
    this.reason = reason
  }
}
