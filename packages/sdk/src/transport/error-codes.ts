/** What Node.js says about an error of its own; `syscall` is empty when none failed. */
export interface NodeErrorCodes {
  readonly code: string
  readonly syscall: string
}

/** Every Node.js error of the chain of causes, outermost first. */
export function nodeErrorsOf(error: unknown): readonly NodeErrorCodes[] {
  const chain: NodeErrorCodes[] = []
  let at = error
  for (let depth = 0; at instanceof Error && depth < 10; depth += 1) {
    const { code, syscall } = at as { code?: unknown; syscall?: unknown }
    if (typeof code === 'string') chain.push({ code, syscall: typeof syscall === 'string' ? syscall : '' })
    at = at.cause
  }
  return chain
}

/** True when the server says that it has not looked at the call, as it does while it closes. */
export function isRefusedStream(error: unknown): boolean {
  let at = error
  for (let depth = 0; at instanceof Error && depth < 10; depth += 1) {
    // Node.js tells the codes of HTTP/2 in the text alone.
    if (at.message.includes('NGHTTP2_REFUSED_STREAM')) return true
    at = at.cause
  }
  return false
}

const TLS_CODES = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_REJECTED',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_CHAIN_TOO_LONG',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'EPROTO',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** True for codes of a failed TLS handshake, whatever gRPC code came with them. */
export function isTlsCode(code: string): boolean {
  return TLS_CODES.has(code) || /^ERR_(TLS|SSL|OSSL)_/.test(code)
}

const SOCKET_CODES = new Set([
  'EACCES',
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_PREMATURE_CLOSE',
])

/** True for codes of a connection that could not be made or was lost. */
export function isSocketCode(code: string): boolean {
  return SOCKET_CODES.has(code) || code.startsWith('ERR_HTTP2_')
}

/** True when the connection was never made, so that nothing can have been sent. */
export function failedToConnect({ syscall }: NodeErrorCodes): boolean {
  return syscall === 'connect' || syscall.startsWith('getaddrinfo')
}
