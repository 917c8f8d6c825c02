import { setMaxListeners } from 'node:events'
import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2'
import type { Socket } from 'node:net'
import type { Interceptor, Transport } from '@connectrpc/connect'
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node'
import { announceEnd } from './announce-end.js'
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
  /** Stand between the calls and the wire, outermost first. */
  readonly interceptors: readonly Interceptor[]
}

/** The way to a gateway over HTTP/2. What it lost, it opens again by itself until it is closed. */
export class Connection {
  readonly transport: Transport
  readonly #options: ConnectionOptions
  readonly #sessions: SessionPool
  readonly #closing = new AbortController()
  readonly #sockets = new Set<Socket>()
  #material: TlsMaterial = {}
  #reading: Promise<void> | undefined
  #generation = 0

  constructor(options: ConnectionOptions) {
    const { endpoint, interceptors } = options
    this.#options = options
    // Each call that runs listens to it.
    setMaxListeners(0, this.#closing.signal)
    this.#sessions = new SessionPool({
      createManager: () => this.#createManager(),
      beforeOpening: () => this.#readMaterial(),
    })
    this.transport = createGrpcTransport({
      baseUrl: endpoint.url,
      sessionManager: adaptStreams(this.#sessions),
      acceptCompression: [],
      interceptors: [...interceptors],
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

  // Files with certificates are read here, because a connection must be opened without waiting.
  #readMaterial(): Promise<void> | undefined {
    const { endpoint, tls } = this.#options
    if (!endpoint.secure) return undefined
    this.#reading ??= readTlsMaterial(tls)
      .then((material) => {
        this.#material = material
      })
      .finally(() => {
        this.#reading = undefined
      })
    return this.#reading
  }

  #open(): Socket {
    // A call that was under way when close() ran must not open a connection behind it.
    if (this.#closing.signal.aborted) throw new Error('The client is closed.')
    const { endpoint, tls } = this.#options
    const socket = openSocket(endpoint, { ...this.#material, insecureSkipVerify: tls.insecureSkipVerify === true })
    this.#generation += 1
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

function adaptStreams(manager: SessionManager): SessionManager {
  return {
    authority: manager.authority,
    notifyResponseByteRead: (stream) => manager.notifyResponseByteRead(stream),
    async request(method, path, headers, options): Promise<ClientHttp2Stream> {
      const stream = await manager.request(method, path, headers, options)
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
