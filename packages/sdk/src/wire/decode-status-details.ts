import { fromBinary } from '@bufbuild/protobuf'
import { anyUnpack } from '@bufbuild/protobuf/wkt'
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
  type Status,
  StatusSchema,
} from '@openshell-ts/protocol/rpc'
import type { Violation } from '../errors/openshell-error.js'
import { NO_DETAILS, type StatusDetails } from './status-details.js'

/**
 * Decodes the value of `grpc-status-details-bin`. Details count only when code and message inside equal those of the call;
 * of several entries the first that agrees wins.
 */
export function decodeStatusDetails(header: string, code: number, message: string): StatusDetails {
  for (const entry of header.split(',')) {
    const status = decodeStatus(entry.trim())
    if (status && status.code === code && status.message === message) return readDetails(status)
  }
  return NO_DETAILS
}

function decodeStatus(base64: string): Status | undefined {
  try {
    return fromBinary(StatusSchema, new Uint8Array(Buffer.from(base64, 'base64')))
  } catch {
    // Malformed details say nothing; the status of the call still counts.
    return undefined
  }
}

function readDetails(status: Status): StatusDetails {
  let details: StatusDetails = NO_DETAILS
  for (const any of status.details) {
    try {
      details = { ...details, ...readDetail(any) }
    } catch {
      // One malformed entry does not take the others with it.
    }
  }
  return details
}

function readDetail(any: Status['details'][number]): Partial<StatusDetails> {
  const badRequest = anyUnpack(any, BadRequestSchema)
  if (badRequest) return { violations: badRequest.fieldViolations.map(toViolation) }
  const info = anyUnpack(any, ErrorInfoSchema)
  if (info) return info.reason === '' ? {} : { reason: info.reason }
  const delay = anyUnpack(any, RetryInfoSchema)?.retryDelay
  return delay ? { retryAfterMs: Number(delay.seconds) * 1000 + Math.ceil(delay.nanos / 1e6) } : {}
}

function toViolation(violation: { field: string; description: string; reason: string }): Violation {
  const { field, description, reason } = violation
  return reason === '' ? { field, description } : { field, description, reason }
}
