import type { CallOptions } from '@connectrpc/connect'
import type { WireCall } from './wire-call.js'

/** Connect's options of one call; connect takes a timeout of 0 for none. */
export function toCallOptions({ signal, timeoutMs }: WireCall): CallOptions {
  return timeoutMs === undefined ? { signal } : { signal, timeoutMs }
}
