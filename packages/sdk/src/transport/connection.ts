import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Transport } from '@connectrpc/connect'
import type { CallCredentials } from '../auth/call-credentials.js'
import { createCallAround } from './call-around.js'
import type { CallInterceptor } from './call-interceptor.js'
import { EdgeTunnel } from './edge-tunnel.js'
import type { Endpoint } from './endpoint.js'
import { ConnectionPool } from './grpc/connection-pool.js'
import { GrpcTransport } from './grpc/grpc-transport.js'
import { MAX_REPLY_BYTES, MAX_REQUEST_BYTES } from './message-limits.js'
import { openSocket } from './open-socket.js'
import { readTlsMaterial, type TlsMaterial } from './tls-material.js'
import type { TlsOptions } from './tls-options.js'

const USER_AGENT = 'openshell-ts-sdk'

/** What a connection is made with. */
export interface ConnectionOptions {
  readonly endpoint: Endpoint
  readonly tls: TlsOptions
  /** What is sent with each call; absent when nothing is. */
  readonly credentials: CallCredentials | undefined
  /** Names the application before this package; absent when it has no name. */
  readonly userAgent: string | undefined
  /** Run around each call, outermost first. */
  readonly interceptors: readonly CallInterceptor[]
}

/** The way to a gateway over HTTP/2. What it lost, it opens again by itself until it is closed. */
export class Connection {
  readonly transport: Transport
  readonly #options: ConnectionOptions
  readonly #connections: ConnectionPool
  readonly #tunnel: EdgeTunnel | undefined
  readonly #closing = new AbortController()
  readonly #sockets = new Set<Socket>()
  #material: TlsMaterial = {}
  #preparing: Promise<void> | undefined
  #generation = 0

  constructor(options: ConnectionOptions) {
    const { endpoint, credentials, interceptors, userAgent } = options
    this.#options = options
    this.#tunnel = credentials?.carrier.tunnel ? new EdgeTunnel(endpoint, credentials) : undefined
    this.#connections = new ConnectionPool({
      url: endpoint.url,
      prepare: () => this.#prepare(),
      openSocket: () => this.#open(),
    })
    const agent = userAgent === undefined ? USER_AGENT : `${userAgent} ${USER_AGENT}`
    this.transport = new GrpcTransport({
      connections: this.#connections,
      headers: {
        ':scheme': endpoint.secure ? 'https' : 'http',
        ':authority': endpoint.authority,
        'user-agent': agent,
      },
      around: createCallAround({ interceptors, credentials, userAgent: agent }),
      maxRequestBytes: MAX_REQUEST_BYTES,
      maxReplyBytes: MAX_REPLY_BYTES,
      keepsSending: ({ name }) => name === 'ForwardTcp',
      onStream: (stream) => this.#tunnel?.follow(stream),
    })
  }

  /** Aborts when the connection is closed. */
  get closed(): AbortSignal {
    return this.#closing.signal
  }

  /** Identity of the present connection; it changes when another one is opened, and is 0 while none is open. */
  get session(): number {
    return this.#connections.isOpen ? this.#generation : 0
  }

  /** Ends every call and the connection. Resolves when the sockets are closed; a second call changes nothing. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#options.credentials?.end()
    // Whoever closes may do so in answer to something that was read, and HTTP/2 of Node.js must not be ended while it reads.
    await setImmediate()
    // The sockets take their sessions with them.
    await Promise.all([...this.#sockets].map(whenClosed))
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
