import type { Http2Session } from 'node:http2'
import type { RawCall } from './raw-call.js'

/**
 * Cuts the connection of a call, and with it every call on it.
 *
 * This reaches into grpc-js. Where its inside looks different, only this call is ended.
 */
export function dropConnection(call: RawCall): void {
  const inside: unknown = Reflect.get(call, 'call')
  const stream: unknown = typeof inside === 'object' && inside !== null ? Reflect.get(inside, 'stream') : undefined
  const session: unknown = typeof stream === 'object' && stream !== null ? Reflect.get(stream, 'session') : undefined
  if (isSession(session)) session.destroy()
  else call.destroy()
}

function isSession(value: unknown): value is Http2Session {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'destroy') === 'function'
}
