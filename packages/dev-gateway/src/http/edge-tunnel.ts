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
 * A request that asks for no web socket is refused. Who calls is not looked at: that is the edge's work, and of each call inside.
 */
export async function openTunnel(request: IncomingMessage, { socket, head, speakHttp2 }: Upgrade): Promise<void> {
  // It may break while the library is loaded.
  socket.on('error', () => undefined)
  waiting ??= loadServer()
  const { server, toStream } = await waiting
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
