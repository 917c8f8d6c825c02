import { createServer, type Server as Http1Server, type IncomingMessage, type RequestListener } from 'node:http'
import type { Http2Server, IncomingHttpHeaders } from 'node:http2'
import type { Server as NetServer, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket, Server as TlsServer } from 'node:tls'
import type { Server } from '@grpc/grpc-js'
import type { HttpRequest, HttpResponse } from './http-message.js'
import { http2Servers } from './http2-servers.js'
import { answerPlain, createPlainHttp2 } from './plain-on-tls.js'
import { sortByBeginning } from './sort-by-beginning.js'

/** A connection of HTTP/1 that is to become something else. */
export interface Upgrade {
  readonly socket: Duplex
  /** What has come behind the request. */
  readonly head: Buffer
  /** Serves a stream as a connection of its own that speaks HTTP/2, gRPC included. */
  readonly speakHttp2: (stream: Duplex) => void
}

/** Answers what comes to a port of gRPC and is none. */
export interface PlainHttpHandlers {
  /** Over HTTP/1 and HTTP/2. */
  readonly request: (request: HttpRequest, response: HttpResponse) => void
  /** Over HTTP/1, where a connection is to become something else. */
  readonly upgrade: (request: IncomingMessage, upgrade: Upgrade) => void
}

// With these bytes a client begins that speaks HTTP/2, and no other.
const http2Beginning = 'PRI'

// With this byte each handshake of TLS begins, and no request.
const tlsBeginning = '\x16'

// The names of both protocols, as a TLS handshake lists them.
const alpnProtocols = Buffer.from('\x02h2\x08http/1.1')

/**
 * Lets requests that are no gRPC in on the port of a gRPC server: those of HTTP/2, and connections that speak HTTP/1. Whoever asks a
 * port with TLS without it is told so. Returns what ends the connections that speak HTTP/1, or nothing yet.
 *
 * Where the inside of grpc-js looks different, nothing changes: such requests are answered 415, and HTTP/1 not at all.
 */
export function servePlainHttp(server: Server, handlers: PlainHttpHandlers): () => void {
  const http1 = createHttp1(handlers.request as RequestListener)
  const plain = createHttp1(answerPlain)
  const plainHttp2 = createPlainHttp2()
  let speakHttp2: Upgrade['speakHttp2'] = (stream) => stream.destroy()
  http1.on('upgrade', (request, socket, head) => handlers.upgrade(request, { socket, head, speakHttp2 }))
  const open = new Set<Socket>()
  for (const listener of http2Servers(server)) {
    sortStreams(listener, handlers.request)
    speakHttp2 = sortConnections(listener, open, (socket) => speakHttp1(http1, socket))
    if (listener instanceof TlsServer) {
      sortPlain(listener, open, (socket, isHttp2) => {
        if (isHttp2) plainHttp2.emit('connection', socket)
        else speakHttp1(plain, socket)
      })
    }
  }
  return () => {
    http1.close(() => undefined)
    plain.close(() => undefined)
    for (const socket of open) socket.destroy()
  }
}

function createHttp1(answer: RequestListener): Http1Server {
  const server = createServer(answer)
  // It never listens by itself, and would not look after slow clients without this.
  server.emit('listening')
  return server
}

function speakHttp1(server: Http1Server, socket: Socket): void {
  server.emit('connection', socket)
  // Its beginning has been read already.
  socket.resume()
}

function sortStreams(listener: Http2Server, answer: PlainHttpHandlers['request']): void {
  const speakGrpc = takeListeners(listener, 'stream')
  // Node adds what makes requests of streams with the first listener for requests.
  listener.on('request', answer)
  const speakHttp = takeListeners(listener, 'stream')
  listener.on('stream', (...given: [unknown, IncomingHttpHeaders, ...unknown[]]) => {
    const isGrpc = (given[1]['content-type'] ?? '').startsWith('application/grpc')
    for (const hear of isGrpc ? speakGrpc : speakHttp) Reflect.apply(hear, listener, given)
  })
}

/** Returns what takes a stream for a connection of HTTP/2. */
function sortConnections(
  listener: Http2Server,
  open: Set<Socket>,
  speak: (socket: Socket) => void,
): Upgrade['speakHttp2'] {
  const isSecure = listener instanceof TlsServer
  const event = isSecure ? 'secureConnection' : 'connection'
  if (isSecure) Reflect.set(listener, 'ALPNProtocols', alpnProtocols)
  const hearers = takeListeners(listener, event)
  const serve: Upgrade['speakHttp2'] = (stream) => {
    for (const hear of hearers) Reflect.apply(hear, listener, [stream])
  }
  const speakHttp2 = (socket: Socket) => {
    open.delete(socket)
    serve(socket)
  }
  listener.on(event, (socket: Socket) => {
    keep(open, socket)
    if (!(socket instanceof TLSSocket)) {
      sortByBeginning(socket, http2Beginning, (isHttp2) => (isHttp2 ? speakHttp2(socket) : speak(socket)))
    } else if (socket.alpnProtocol === 'h2') speakHttp2(socket)
    else speak(socket)
  })
  return serve
}

/** Lets those shake hands that speak TLS. */
function sortPlain(listener: TlsServer, open: Set<Socket>, speak: (socket: Socket, isHttp2: boolean) => void): void {
  const hearers = takeListeners(listener, 'connection')
  const shaking = new Map<number | undefined, Socket>()
  // From here on the encrypted connection ends what is below it.
  listener.on('secureConnection', ({ remotePort }) => {
    const socket = shaking.get(remotePort)
    if (socket) open.delete(socket)
  })
  listener.on('connection', (socket: Socket) => {
    const { remotePort } = socket
    keep(open, socket)
    shaking.set(remotePort, socket)
    socket.once('close', () => shaking.delete(remotePort))
    sortByBeginning(socket, tlsBeginning, (isTls) => {
      if (!isTls) sortByBeginning(socket, http2Beginning, (isHttp2) => speak(socket, isHttp2))
      else for (const hear of hearers) Reflect.apply(hear, listener, [socket])
    })
  })
}

function keep(open: Set<Socket>, socket: Socket): void {
  open.add(socket)
  socket.once('close', () => open.delete(socket))
  // Whoever takes the socket hears of it too.
  socket.on('error', () => undefined)
}

function takeListeners(listener: NetServer, event: string): ReturnType<NetServer['listeners']> {
  const taken = listener.listeners(event)
  listener.removeAllListeners(event)
  return taken
}
