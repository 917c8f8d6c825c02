import { status } from '@grpc/grpc-js'
import { StatusError } from '../errors/status-error.js'
import type { FaultCode } from './gateway-fault.js'

/** The answer of a fault with a code. */
export function faultStatus({ code, message }: { readonly code: FaultCode; readonly message?: string }): StatusError {
  return new StatusError(status[code], message ?? 'a fault was injected')
}
