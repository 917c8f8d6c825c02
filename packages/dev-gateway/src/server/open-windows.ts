import type { ServerHttp2Session } from 'node:http2'
import type { Server } from '@grpc/grpc-js'
import { http2Servers } from './http2-servers.js'

// How much a caller may send ahead of what is read, in one call and in all of a connection.
const callBytes = 1024 * 1024
const connectionBytes = 16 * 1024 * 1024

/** Lets callers send more ahead than the 64 KiB of HTTP/2, after each of which they would wait for an answer. */
export function openWindows(server: Server): void {
  for (const listener of http2Servers(server)) listener.on('session', openWindow)
}

function openWindow(session: ServerHttp2Session): void {
  session.settings({ initialWindowSize: callBytes })
  session.setLocalWindowSize(connectionBytes)
}
