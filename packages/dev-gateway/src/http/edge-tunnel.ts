import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocketServer } from 'ws'
import type { Upgrade } from '../server/plain-http.js'

/** Where clients behind an edge proxy dig a tunnel to. */
export const tunnelPath = '/_ws_tunnel'

// What one message may hold. Clients send 32 KiB as a rule.
const messageLimitBytes = 4 * 1024 * 1024

let waiting: Promise<{ server: WebSocketServer; toStream: typeof import('ws')['createWebSocketStream'] }> | undefined

/**
 * Makes a web socket of a connection, and takes what it carries for a connection that speaks HTTP/2: one for one, and both end together.
 * A request that asks for no web socket is refused. Who calls is not looked at: that is the edge's work, and of each call inside. Never
 * rejects.
 */
export async function openTunnel(request: IncomingMessage, upgrade: Upgrade): Promise<void> {
  const { socket } = upgrade
  // It may break while the library is loaded.
  socket.on('error', () => undefined)
  // Only browsers name an origin, and would let every page that they show in.
  if (request.headers.origin !== undefined) {
    socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
    return
  }
  try {
    waiting ??= loadServer()
    shakeHands(await waiting, request, upgrade)
  } catch {
    socket.destroy()
  }
}

function shakeHands(
  { server, toStream }: Awaited<NonNullable<typeof waiting>>,
  request: IncomingMessage,
  { socket, head, speakHttp2 }: Upgrade,
): void {
  server.handleUpgrade(request, socket, head, (web) => {
    // The connection inside hears of the end, and nobody asks why.
    web.on('error', () => undefined)
    const stream: Duplex = toStream(web).on('error', () => undefined)
    speakHttp2(stream)
  })
}

// Few gateways ever need it.
async function loadServer(): NonNullable<typeof waiting> {
  const { createWebSocketStream, WebSocketServer } = await import('ws')
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: messageLimitBytes,
  })
  return { server, toStream: createWebSocketStream }
}
