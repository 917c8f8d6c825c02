import type { CallOptions } from '@connectrpc/connect'
import type { WireCall } from './wire-call.js'

/** Connect's options of one call; connect takes a timeout of 0 for none. */
export function toCallOptions({ signal, timeoutMs, headers }: WireCall): CallOptions {
  return { signal, ...(timeoutMs !== undefined && { timeoutMs }), ...(headers && { headers }) }
}
