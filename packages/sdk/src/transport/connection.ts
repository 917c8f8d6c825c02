import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Transport } from '@connectrpc/connect'
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node'
import type { CallCredentials } from '../auth/call-credentials.js'
import { announceEnd } from './announce-end.js'
import { createAuthInterceptor } from './auth-interceptor.js'
import { adaptInterceptor, type CallInterceptor } from './call-interceptor.js'
import { EdgeTunnel } from './edge-tunnel.js'
import type { Endpoint } from './endpoint.js'
import { openSocket } from './open-socket.js'
import { type SessionManager, SessionPool } from './session-pool.js'
import { readTlsMaterial, type TlsMaterial } from './tls-material.js'
import type { TlsOptions } from './tls-options.js'

/** Header under which `grpc-status-details-bin` is kept from connect, which would believe it more than the status itself. */
export const DETAILS_HEADER = 'openshell-sdk-status-details'

const PING_INTERVAL_MS = 10_000
// The 64 KiB that HTTP/2 starts with let one round trip carry no more than that.
const WINDOW_BYTES = 4 * 1024 * 1024
const MAX_REQUEST_BYTES = 1_048_576
const MAX_REPLY_BYTES = 64 * 1024 * 1024

/** What a connection is made with. */
export interface ConnectionOptions {
  readonly endpoint: Endpoint
  readonly tls: TlsOptions
  /** What is sent with each call; absent when nothing is. */
  readonly credentials: CallCredentials | undefined
  /** Run around each call, outermost first. */
  readonly interceptors: readonly CallInterceptor[]
}

/** The way to a gateway over HTTP/2. What it lost, it opens again by itself until it is closed. */
export class Connection {
  readonly transport: Transport
  readonly #options: ConnectionOptions
  readonly #sessions: SessionPool
  readonly #tunnel: EdgeTunnel | undefined
  readonly #closing = new AbortController()
  readonly #sockets = new Set<Socket>()
  #material: TlsMaterial = {}
  #preparing: Promise<void> | undefined
  #generation = 0

  constructor(options: ConnectionOptions) {
    const { endpoint, credentials, interceptors } = options
    this.#options = options
    this.#tunnel = credentials?.carrier.tunnel ? new EdgeTunnel(endpoint, credentials) : undefined
    this.#sessions = new SessionPool({
      createManager: () => this.#createManager(),
      beforeOpening: () => this.#prepare(),
    })
    this.transport = createGrpcTransport({
      baseUrl: endpoint.url,
      sessionManager: adaptStreams(this.#sessions, this.#tunnel),
      acceptCompression: [],
      // The credential comes last, so that it cannot be replaced by mistake, and a renewed one is not a further attempt.
      interceptors: [
        ...interceptors.map(adaptInterceptor),
        ...(credentials ? [createAuthInterceptor(credentials)] : []),
      ],
      writeMaxBytes: MAX_REQUEST_BYTES,
      readMaxBytes: MAX_REPLY_BYTES,
    })
  }

  /** Aborts when the connection is closed. */
  get closed(): AbortSignal {
    return this.#closing.signal
  }

  /** Identity of the present connection; it changes when another one is opened, and is 0 while none is open. */
  get session(): number {
    return this.#sessions.isOpen ? this.#generation : 0
  }

  /** Ends every call and the connection. Resolves when the sockets are closed; a second call changes nothing. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#options.credentials?.end()
    // The sockets take their sessions with them. The manager's own abort stops listening first, and an error of a session that
    // is already on its way would then be nobody's.
    await Promise.all([...this.#sockets].map(whenClosed))
  }

  #createManager(): Http2SessionManager {
    // Without pings while idle: the manager would go on with them after its connection is closed, and such a ping throws out of
    // a timer. An idle connection is checked before its next call instead.
    return new Http2SessionManager(
      this.#options.endpoint.url,
      { pingIntervalMs: PING_INTERVAL_MS },
      {
        createConnection: () => this.#open(),
        settings: { initialWindowSize: WINDOW_BYTES },
      },
    )
  }

  // A connection must be opened without waiting: files with certificates are read before, and a tunnel is dug.
  #prepare(): Promise<void> | undefined {
    if (!this.#options.endpoint.secure && !this.#tunnel) return undefined
    this.#preparing ??= this.#prepareOnce().finally(() => {
      this.#preparing = undefined
    })
    return this.#preparing
  }

  async #prepareOnce(): Promise<void> {
    const { endpoint, tls } = this.#options
    if (endpoint.secure) this.#material = await readTlsMaterial(tls)
    await this.#tunnel?.prepare(() => this.#openSocket('http/1.1'))
  }

  #open(): Duplex {
    this.#generation += 1
    return this.#tunnel?.take() ?? this.#openSocket('h2')
  }

  #openSocket(protocol: 'h2' | 'http/1.1'): Socket {
    // A call that was under way when close() ran must not open a connection behind it.
    if (this.#closing.signal.aborted) throw new Error('The client is closed.')
    const { endpoint, tls } = this.#options
    const insecureSkipVerify = tls.insecureSkipVerify === true
    const socket = openSocket(endpoint, { ...this.#material, insecureSkipVerify, protocol })
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    return socket
  }
}

function whenClosed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve())
    socket.destroy()
  })
}

function adaptStreams(manager: SessionManager, tunnel: EdgeTunnel | undefined): SessionManager {
  return {
    authority: manager.authority,
    notifyResponseByteRead: (stream) => manager.notifyResponseByteRead(stream),
    async request(method, path, headers, options): Promise<ClientHttp2Stream> {
      const stream = await manager.request(method, path, headers, options)
      tunnel?.follow(stream)
      stream.session?.setLocalWindowSize(WINDOW_BYTES)
      stream.prependListener('response', renameDetails)
      stream.prependListener('trailers', renameDetails)
      if (path.endsWith('/ForwardTcp')) announceEnd(stream)
      return stream
    },
  }
}

function renameDetails(headers: IncomingHttpHeaders): void {
  const details = headers['grpc-status-details-bin']
  if (details === undefined) return
  delete headers['grpc-status-details-bin']
  headers[DETAILS_HEADER] = details
}
