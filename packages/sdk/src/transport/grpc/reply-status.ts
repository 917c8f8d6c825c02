import type { IncomingHttpHeaders } from 'node:http2'
import { Code, ConnectError } from '@connectrpc/connect'
import { fieldOf, toHeaders } from './header-fields.js'

const STATUS = 'grpc-status'
const CONTENT_TYPE = /^application\/grpc(?:\+proto)?(?:;|$)/i

/** Throws unless a reply begins as one of a gRPC server does, and is not compressed. */
export function assertGrpcReply(header: IncomingHttpHeaders): void {
  const httpStatus = Number(header[':status'])
  if (httpStatus !== 200) throw new ConnectError(`HTTP ${httpStatus}`, codeOfHttpStatus(httpStatus), toHeaders(header))
  const contentType = fieldOf(header, 'content-type')
  if (contentType === undefined || !CONTENT_TYPE.test(contentType)) {
    throw new ConnectError(`unsupported content type ${contentType}`, Code.Unknown)
  }
  const encoding = fieldOf(header, 'grpc-encoding')
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new ConnectError(`unsupported response encoding "${encoding}"`, Code.Internal, toHeaders(header))
  }
}

/** True for a block that says how the call ended. */
export function hasStatus(block: IncomingHttpHeaders): boolean {
  return block[STATUS] !== undefined
}

/**
 * How a call ended: an error with every field that came for its metadata, or undefined when it ended well. The details of the status
 * stay encoded in the metadata: what they say is no more to be believed than the status itself.
 */
export function statusError(
  block: IncomingHttpHeaders,
  ...others: readonly IncomingHttpHeaders[]
): ConnectError | undefined {
  const status = fieldOf(block, STATUS)
  if (status === '0') return undefined
  if (status === undefined)
    return new ConnectError('protocol error: missing status', Code.Internal, toHeaders(...others))
  const metadata = toHeaders(block, ...others)
  const code = Number(status)
  if (!/^\d+$/.test(status) || Code[code] === undefined) {
    return new ConnectError(`invalid grpc-status: ${status}`, Code.Internal, metadata)
  }
  return new ConnectError(decodePercent(fieldOf(block, 'grpc-message') ?? ''), code, metadata)
}

// A message that is not encoded well still says something.
function decodePercent(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run)
    } catch {
      return run
    }
  })
}

// As https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md has it.
function codeOfHttpStatus(httpStatus: number): Code {
  switch (httpStatus) {
    case 400:
      return Code.Internal
    case 401:
      return Code.Unauthenticated
    case 403:
      return Code.PermissionDenied
    case 404:
      return Code.Unimplemented
    case 429:
    case 502:
    case 503:
    case 504:
      return Code.Unavailable
    default:
      return Code.Unknown
  }
}
