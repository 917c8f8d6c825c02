import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionRequestOptions,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2'
import type { Duplex } from 'node:stream'
import { KeepAlive } from './keep-alive.js'

// The 64 KiB that HTTP/2 starts with let one round trip carry no more than that. What comes ahead of a slow reader takes memory.
const CALL_WINDOW_BYTES = 1024 * 1024
const CONNECTION_WINDOW_BYTES = 4 * 1024 * 1024
const REQUEST: ClientSessionRequestOptions = { endStream: false }

/** What a connection is opened with. */
export interface Http2ConnectionOptions {
  /** Base URL of the requests. */
  readonly url: string
  /** After so long a silence the other side is asked whether it is there. */
  readonly pingIntervalMs: number
  /** Runs before the socket is opened. */
  readonly prepare: () => Promise<void> | undefined
  /** Opens the socket, which may still be connecting. */
  readonly openSocket: () => Duplex
  /** Runs when the other side has said how many streams it takes. */
  readonly onStreamLimit: (limit: number) => void
  /** Runs when the other side asks for fewer pings. */
  readonly onTooManyPings: () => void
  /** Runs once, when no call can begin on the connection any more. Those that run may go on. */
  readonly onOver: () => void
}

/** One HTTP/2 connection, which opens when it is made. */
export class Http2Connection {
  readonly #options: Http2ConnectionOptions
  readonly #opening: Promise<void>
  #session: ClientHttp2Session | undefined
  #keepAlive: KeepAlive | undefined
  #streams = 0
  #isOver = false

  constructor(options: Http2ConnectionOptions) {
    this.#options = options
    this.#opening = this.#open()
    // Whoever waits for it hears of the failure.
    this.#opening.catch(() => this.#end())
  }

  /** True when a call can be sent now. */
  get isReady(): boolean {
    return this.#keepAlive !== undefined && !this.#isOver && !this.#keepAlive.isUncertain
  }

  /** True when no call can begin any more. */
  get isOver(): boolean {
    return this.#isOver || this.#session?.closed === true || this.#session?.destroyed === true
  }

  /** Waits until calls can be sent, or none can any more. Rejects when the connection cannot be opened. */
  async whenReady(): Promise<void> {
    await this.#opening
    if (!this.#keepAlive?.isUncertain) return
    this.#session?.ref()
    await this.#keepAlive.ask()
    if (this.#streams === 0) this.#session?.unref()
  }

  /** Opens a stream. Throws when the connection is over, and for headers that cannot be sent. */
  request(headers: OutgoingHttpHeaders): ClientHttp2Stream {
    const [session, keepAlive] = [this.#session, this.#keepAlive]
    if (!session || !keepAlive) throw new TypeError('A call was sent before the connection was open.')
    const stream = session.request(headers, REQUEST)
    this.#streams += 1
    if (this.#streams === 1) session.ref()
    keepAlive.begin()
    stream.once('close', () => {
      this.#streams -= 1
      if (this.#streams === 0) session.unref()
      keepAlive.end()
    })
    return stream
  }

  async #open(): Promise<void> {
    await this.#options.prepare()
    const { url, openSocket, pingIntervalMs } = this.#options
    const session = connect(url, {
      createConnection: openSocket,
      settings: { initialWindowSize: CALL_WINDOW_BYTES, enablePush: false },
    })
    this.#session = session
    session.on('remoteSettings', ({ maxConcurrentStreams }) => {
      if (maxConcurrentStreams !== undefined) this.#options.onStreamLimit(maxConcurrentStreams)
    })
    session.once('close', () => this.#end())
    session.on('goaway', (code, _, data) => this.#leave(session, code, data))
    await whenConnected(session)
    // Calls that wait keep the process alive with their own timers and streams.
    session.unref()
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES)
    this.#keepAlive = new KeepAlive(session, pingIntervalMs)
  }

  #leave(session: ClientHttp2Session, code: number, data: Uint8Array | undefined): void {
    if (code === constants.NGHTTP2_ENHANCE_YOUR_CALM && String(data) === 'too_many_pings')
      this.#options.onTooManyPings()
    this.#end()
    // Some releases of Node.js leave a connection without calls open. It must not be closed while its packets are being read.
    setImmediate(() => {
      if (this.#streams === 0 && !session.destroyed) session.destroy()
    })
  }

  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#options.onOver()
  }
}

/** Waits for the socket. The listener for errors stays: one that nobody hears would end the process. */
function whenConnected(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve, reject) => {
    session.on('error', (error) => reject(neverOpen(error)))
    session.once('close', () => reject(neverOpen(closedEarly())))
    session.once('connect', (_, socket) => {
      if ('alpnProtocol' in socket && socket.alpnProtocol !== 'h2') session.destroy(otherProtocol())
      else resolve()
    })
  })
}

// Without the name of a failed step a lost connection is one that may have carried calls.
function neverOpen(error: Error): Error {
  const code: unknown = Reflect.get(error, 'code')
  if (typeof code !== 'string' || !/^(?:ECONN|EPIPE)/.test(code)) return error
  return Object.assign(new Error(error.message, { cause: error }), { code, syscall: 'connect' })
}

function closedEarly(): Error {
  return Object.assign(new Error('The connection was closed before it was open.'), { code: 'ECONNRESET' })
}

function otherProtocol(): Error {
  return Object.assign(new Error('The server does not agree to speak HTTP/2.'), {
    code: 'ERR_TLS_NO_APPLICATION_PROTOCOL',
  })
}
