import type { Http2Session } from 'node:http2'
import type { Server } from '@grpc/grpc-js'

/**
 * Cuts every connection of a server, as the end of its process does: peers find their calls UNAVAILABLE. The server's own
 * shutdown would tell them that the calls were cancelled.
 *
 * This reaches into grpc-js. Where its inside looks different, nothing is cut, and the shutdown ends the calls.
 */
export function cutConnections(server: Server): void {
  const sessions: unknown = Reflect.get(server, 'sessions')
  if (!(sessions instanceof Map)) return
  for (const session of [...sessions.keys()] as Partial<Http2Session>[]) session.destroy?.()
}
