import { status } from '@grpc/grpc-js'
import { StatusError } from '../errors/status-error.js'

/** A driver that must name its backend's object, and did not. */
export class MissingIdentityError extends StatusError {
  constructor() {
    super(status.INTERNAL, 'compute driver did not return a runtime identity')
  }
}
