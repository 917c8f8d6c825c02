import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { Http2Server, IncomingHttpHeaders } from 'node:http2'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket, Server as TlsServer } from 'node:tls'
import type { Server } from '@grpc/grpc-js'
import type { HttpRequest, HttpResponse } from './http-message.js'
import { http2Servers } from './http2-servers.js'

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

// How long a connection may keep to itself what it speaks, in milliseconds.
const silenceMs = 30_000

// With these bytes a client begins that speaks HTTP/2, and no other.
const http2Beginning = 'PRI'

// The names of both protocols, as a TLS handshake lists them.
const alpnProtocols = Buffer.from('\x02h2\x08http/1.1')

/**
 * Lets requests that are no gRPC in on the port of a gRPC server: those of HTTP/2, and connections that speak HTTP/1. Returns what ends
 * the connections that speak HTTP/1, or nothing yet.
 *
 * Where the inside of grpc-js looks different, nothing changes: such requests are answered 415, and HTTP/1 not at all.
 */
export function servePlainHttp(server: Server, handlers: PlainHttpHandlers): () => void {
  const http1 = createServer(handlers.request as RequestListener)
  let speakHttp2: Upgrade['speakHttp2'] = (stream) => stream.destroy()
  http1.on('upgrade', (request, socket, head) => handlers.upgrade(request, { socket, head, speakHttp2 }))
  // It never listens by itself, and would not look after slow clients without this.
  http1.emit('listening')
  const open = new Set<Socket>()
  for (const listener of http2Servers(server)) {
    sortStreams(listener, handlers.request)
    speakHttp2 = sortConnections(listener, open, (socket) => http1.emit('connection', socket))
  }
  return () => {
    http1.close(() => undefined)
    for (const socket of open) socket.destroy()
  }
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
  speakHttp1: (socket: Socket) => void,
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
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    // Whoever takes the socket hears of it too.
    socket.on('error', () => undefined)
    if (!(socket instanceof TLSSocket)) sortByBeginning(socket, speakHttp2, speakHttp1)
    else if (socket.alpnProtocol === 'h2') speakHttp2(socket)
    else speakHttp1(socket)
  })
  return serve
}

function sortByBeginning(
  socket: Socket,
  speakHttp2: (socket: Socket) => void,
  speakHttp1: (socket: Socket) => void,
): void {
  let beginning = Buffer.alloc(0)
  const cut = () => socket.destroy()
  socket.setTimeout(silenceMs, cut)
  socket.on('data', function take(chunk: Buffer) {
    beginning = Buffer.concat([beginning, chunk])
    const text = beginning.toString('latin1', 0, http2Beginning.length)
    if (text.length < http2Beginning.length && http2Beginning.startsWith(text)) return
    socket.off('data', take).pause()
    socket.setTimeout(0).off('timeout', cut)
    socket.unshift(beginning)
    if (text === http2Beginning) speakHttp2(socket)
    else {
      speakHttp1(socket)
      socket.resume()
    }
  })
  // One that ends before it has said anything wants nothing.
  socket.once('end', () => beginning.length < http2Beginning.length && socket.destroy())
}

function takeListeners(listener: Http2Server, event: string): ReturnType<Http2Server['listeners']> {
  const taken = listener.listeners(event)
  listener.removeAllListeners(event)
  return taken
}
