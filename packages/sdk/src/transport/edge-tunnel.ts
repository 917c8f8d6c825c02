import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { CallCredentials } from '../auth/call-credentials.js'
import { OpenShellError } from '../errors/openshell-error.js'
import type { Endpoint } from './endpoint.js'

const TUNNEL_PATH = '/_ws_tunnel'
const HANDSHAKE_TIMEOUT_MS = 10_000

/** Carries connections in WebSockets, for edges that let only GET requests through. Each carries one and ends with it. */
export class EdgeTunnel {
  readonly #endpoint: Endpoint
  readonly #credentials: CallCredentials
  readonly #sockets = new Set<Socket>()
  #ready: Duplex | undefined
  #streams = 0

  constructor(endpoint: Endpoint, credentials: CallCredentials) {
    this.#endpoint = endpoint
    this.#credentials = credentials
  }

  /** Opens a WebSocket over a socket. Throws kind `unauthenticated` when the edge wants another token. */
  async prepare(openSocket: () => Socket): Promise<void> {
    if (this.#ready) return
    const { WebSocket, createWebSocketStream } = await import('ws')
    const headers = await this.#upgradeHeaders()
    const socket = openSocket()
    const web = new WebSocket(`${this.#endpoint.url.replace(/^http/, 'ws')}${TUNNEL_PATH}`, {
      createConnection: () => socket,
      headers,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      perMessageDeflate: false,
      // What comes in text frames is bytes all the same.
      skipUTF8Validation: true,
    })
    // Whoever waits hears of errors in another way; without a listener they would end the process.
    web.on('error', () => undefined)
    const stream = createWebSocketStream(web)
    stream.on('error', markAsLost)
    await this.#shakeHands(web)
    this.#hold(socket, stream)
  }

  /** The WebSocket that was opened last. Throws as for a lost connection when there is none. */
  take(): Duplex {
    const stream = this.#ready
    this.#ready = undefined
    if (stream) return stream
    const lost = new Error('The tunnel was closed before it was used.')
    throw Object.assign(lost, { code: 'ECONNRESET', syscall: 'connect' })
  }

  /** Keeps the process alive while a call runs, as a connection without a tunnel does. */
  follow(call: { once(event: 'close', listener: () => void): unknown }): void {
    this.#streams += 1
    if (this.#streams === 1) for (const socket of this.#sockets) socket.ref()
    call.once('close', () => {
      this.#streams -= 1
      if (this.#streams === 0) for (const socket of this.#sockets) socket.unref()
    })
  }

  async #upgradeHeaders(): Promise<Record<string, string>> {
    const { headers } = await this.#credentials.current()
    const named = Object.fromEntries(headers)
    const token = named['cf-access-jwt-assertion']
    return { ...named, ...(token !== undefined && { 'cf-access-token': token }) }
  }

  #shakeHands(web: WebSocket): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => reject(unopened(this.#endpoint, error))
      web.once('error', fail)
      web.once('open', () => {
        web.off('error', fail)
        resolve()
      })
      web.once('unexpected-response', (request, { statusCode = 0 }) => {
        reject(refusal(this.#endpoint, statusCode))
        request.destroy()
      })
    })
  }

  #hold(socket: Socket, stream: Duplex): void {
    this.#sockets.add(socket)
    if (this.#streams === 0) socket.unref()
    this.#ready = stream
    socket.once('close', () => {
      this.#sockets.delete(socket)
      if (this.#ready === stream) this.#ready = undefined
    })
  }
}

// What is written while the WebSocket closes fails without a code, and is a lost connection as any other.
function markAsLost(error: Error): void {
  if (!('code' in error)) Object.assign(error, { code: 'ECONNRESET' })
}

// Nothing has reached the gateway yet.
function unopened({ address }: Endpoint, error: Error): Error {
  const code = /handshake has timed out/.test(error.message) ? 'ETIMEDOUT' : Reflect.get(error, 'code')
  if (typeof code === 'string' && !code.startsWith('HPE_')) return Object.assign(error, { code, syscall: 'connect' })
  return new OpenShellError({
    kind: 'configuration',
    message: `The server at ${address}${TUNNEL_PATH} does not answer as one of WebSockets.`,
    hint: 'Check the endpoint. To connect without a tunnel, leave tunnel out of auth.',
    cause: error,
  })
}

function refusal({ address }: Endpoint, httpStatus: number): OpenShellError {
  const message = `The tunnel at ${address}${TUNNEL_PATH} was refused with HTTP ${httpStatus}.`
  if (httpStatus === 401 || httpStatus === 403 || (httpStatus >= 300 && httpStatus < 400)) {
    return new OpenShellError({ kind: 'unauthenticated', message, hint: 'Log in again, and give the new token.' })
  }
  if (httpStatus === 429 || httpStatus >= 502) {
    return new OpenShellError({ kind: 'unavailable', message, retryable: true })
  }
  const hint =
    "The gateway's operator may not have enabled the tunnel. To connect without it, give auth: { type: 'edge', token } and no tunnel."
  return new OpenShellError({ kind: 'configuration', message, hint })
}
