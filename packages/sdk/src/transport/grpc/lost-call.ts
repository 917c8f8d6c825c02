import { constants } from 'node:http2'
import { Code, ConnectError } from '@connectrpc/connect'

/** The error of a call that ended without a status, because of what Node.js says of its stream or connection. */
export function lostCall(reason: unknown): ConnectError {
  if (reason instanceof ConnectError) return reason
  const message = reason instanceof Error ? reason.message : String(reason)
  return new ConnectError(message, codeOf(reason), undefined, undefined, reason)
}

/** The error of a call whose stream the other side closed with a code. */
export function resetCall(resetCode: number, cause?: unknown): ConnectError {
  const code = RESET_CODES.get(resetCode) ?? Code.Internal
  const hex = `0x${resetCode.toString(16)}`
  return new ConnectError(`http/2 stream closed with error code ${hex}`, code, undefined, undefined, cause)
}

// As https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md has it; a close without a code brings no status either.
const RESET_CODES: ReadonlyMap<number, Code> = new Map([
  [constants.NGHTTP2_NO_ERROR, Code.Unavailable],
  [constants.NGHTTP2_REFUSED_STREAM, Code.Unavailable],
  [constants.NGHTTP2_CANCEL, Code.Canceled],
  [constants.NGHTTP2_ENHANCE_YOUR_CALM, Code.ResourceExhausted],
  [constants.NGHTTP2_INADEQUATE_SECURITY, Code.PermissionDenied],
  [constants.NGHTTP2_HTTP_1_1_REQUIRED, Code.PermissionDenied],
])

function codeOf(reason: unknown): Code {
  const { code, syscall } = (reason instanceof Error ? reason : {}) as { code?: unknown; syscall?: unknown }
  if (typeof syscall === 'string') return Code.Unavailable
  if (typeof code !== 'string') return Code.Internal
  return /^(?:ECONN|EPIPE|ETIMEDOUT|ERR_STREAM_|ERR_SOCKET_|ERR_HTTP2_(?:SESSION|GOAWAY|STREAM_CANCEL))/.test(code)
    ? Code.Unavailable
    : Code.Internal
}
