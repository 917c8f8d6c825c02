import { create, toBinary } from '@bufbuild/protobuf'
import { type Any, anyPack } from '@bufbuild/protobuf/wkt'
import { status } from '@grpc/grpc-js'
import { BadRequestSchema, ErrorInfoSchema, StatusSchema } from '@openshell-ts/protocol/rpc'
import { ReasonedError } from '../../errors/reasoned-error.js'
import { StatusError } from '../../errors/status-error.js'

const key = 'grpc-status-details-bin'
const domain = 'openshell.nvidia.com'

/**
 * Adds to a refusal the details that clients of line 0.1 read: which field is wrong, and a reason. What a driver has sent with
 * its own refusal stays as it is. Code and text stand in the details once more, because clients drop details that differ.
 */
export function withErrorDetails(error: StatusError): StatusError {
  if (error.metadata.get(key).length > 0) return error
  const details = detailsOf(error)
  if (details.length === 0) return error
  const metadata = error.metadata.clone()
  const message = create(StatusSchema, { code: error.code, message: error.details, details })
  metadata.set(key, Buffer.from(toBinary(StatusSchema, message)))
  return new StatusError(error.code, error.details, metadata)
}

function detailsOf(error: StatusError): Any[] {
  if (error instanceof ReasonedError) return [errorInfo(error.reason, error.facts)]
  if (error.code !== status.INVALID_ARGUMENT) return []
  const violation = { field: fieldOf(error.details), description: error.details }
  return [
    anyPack(BadRequestSchema, create(BadRequestSchema, { fieldViolations: [violation] })),
    errorInfo('INVALID_ARGUMENT'),
  ]
}

function errorInfo(reason: string, metadata: Readonly<Record<string, string>> = {}): Any {
  return anyPack(ErrorInfoSchema, create(ErrorInfoSchema, { reason, domain, metadata }))
}

// The gateway's texts begin with the field that they are about, as far as they are about one.
function fieldOf(text: string): string {
  return /^[a-z][a-z0-9_]*(?:\.[a-z0-9_-]+|\[[^\]]*\])*(?= )/.exec(text)?.[0] ?? ''
}
