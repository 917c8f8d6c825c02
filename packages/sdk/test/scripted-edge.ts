import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingHttpHeaders } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { createWebSocketStream, WebSocketServer } from 'ws'

/** An authenticating proxy that stands in front of a gateway. */
export interface ScriptedEdge extends AsyncDisposable {
  readonly endpoint: string
  /** What each upgrade asked for, in order. */
  readonly upgrades: readonly { readonly path: string; readonly headers: IncomingHttpHeaders }[]
  dropTunnels(): void
}

/** What the edge does. */
export interface EdgeScript {
  /** The answer to an upgrade with this token; 101 lets it through. @default 101 */
  readonly statusOf?: (token: string) => number
  /** Sends what the gateway says in text frames, as some relays do. @default false */
  readonly text?: boolean
  /** Serves `https` when given. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer }
}

/** An edge that lets only upgrades through, to the gateway at a port of this machine. */
export async function startScriptedEdge(port: number, script: EdgeScript): Promise<ScriptedEdge> {
  const { statusOf = () => 101, text = false, tls } = script
  const upgrades: { path: string; headers: IncomingHttpHeaders }[] = []
  const server = tls ? createHttpsServer(tls) : createHttpServer()
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  server.on('secureConnection', (socket) => sockets.add(socket))
  const tunnels = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    upgrades.push({ path: request.url ?? '', headers: request.headers })
    const status = statusOf(String(request.headers['cf-access-token']))
    if (status !== 101) return void socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`)
    tunnels.handleUpgrade(request, socket, head, (web) => {
      const stream = createWebSocketStream(web)
      const upstream = connect(port, '127.0.0.1')
      for (const end of [stream, upstream]) end.on('error', () => undefined)
      stream.pipe(upstream)
      if (text) upstream.on('data', (chunk) => web.send(chunk, { binary: false }))
      else upstream.pipe(stream)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const dropTunnels = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    endpoint: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    upgrades,
    dropTunnels,
    async [Symbol.asyncDispose]() {
      dropTunnels()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
