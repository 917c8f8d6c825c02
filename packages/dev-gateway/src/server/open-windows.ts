import { EventEmitter } from 'node:events'
import type { ServerHttp2Session } from 'node:http2'
import type { Server } from '@grpc/grpc-js'

// How much a caller may send ahead of what is read, in one call and in all of a connection.
const callBytes = 1024 * 1024
const connectionBytes = 16 * 1024 * 1024

/**
 * Lets callers send more ahead than the 64 KiB of HTTP/2, after each of which they would wait for an answer.
 *
 * This reaches into grpc-js. Where its inside looks different, nothing changes.
 */
export function openWindows(server: Server): void {
  const listeners: unknown = Reflect.get(server, 'http2Servers')
  if (!(listeners instanceof Map)) return
  for (const listener of listeners.keys()) {
    if (listener instanceof EventEmitter) listener.on('session', openWindow)
  }
}

function openWindow(session: ServerHttp2Session): void {
  session.settings({ initialWindowSize: callBytes })
  session.setLocalWindowSize(connectionBytes)
}
