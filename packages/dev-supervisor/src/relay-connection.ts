import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2'
import { OpenShell } from '@openshell-ts/protocol/v0-0'
import type { GatewayEndpoint } from './gateway-endpoint.js'
import type { SandboxToken } from './sandbox-token.js'

const CONNECT_TIMEOUT_MS = 10_000
const PING_INTERVAL_MS = 10_000
const PING_TIMEOUT_MS = 20_000

// A relay must not wait for the acknowledgements of another one.
const STREAM_WINDOW_BYTES = 1024 * 1024
const CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024

const PATH = `/${OpenShell.typeName}/${OpenShell.method.relayStream.name}`

/**
 * The HTTP/2 connection of the relays; it opens with the first one.
 *
 * The relays are the only calls whose two directions end apart: a client that has said everything still wants the answer.
 * grpc-js closes the request side of a call as soon as the answer has ended, so it serves the other calls only.
 */
export class RelayConnection {
  readonly #endpoint: GatewayEndpoint
  readonly #token: SandboxToken
  #session: ClientHttp2Session | undefined

  constructor(endpoint: GatewayEndpoint, token: SandboxToken) {
    this.#endpoint = endpoint
    this.#token = token
  }

  /** Starts the call of one relay; failures of the connection are errors of the stream. */
  open(): ClientHttp2Stream {
    this.#session ??= this.#connect()
    const { serverName } = this.#endpoint
    return this.#session.request({
      ':method': 'POST',
      ':path': PATH,
      ...(serverName === undefined ? {} : { ':authority': serverName }),
      'content-type': 'application/grpc',
      te: 'trailers',
      authorization: this.#token.authorization(),
    })
  }

  /** Ends the connection; streams that are open end first. */
  close(): void {
    this.#session?.close()
  }

  #connect(): ClientHttp2Session {
    const { url, tls, serverName } = this.#endpoint
    const session = connect(new URL(url), {
      ...tls,
      ...(serverName === undefined ? {} : { servername: serverName }),
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW_BYTES },
    })
    const connecting = setTimeout(
      () => session.destroy(new Error(`no connection within ${CONNECT_TIMEOUT_MS / 1000} s`)),
      CONNECT_TIMEOUT_MS,
    )
    let stopPings = () => {}
    session.once('connect', () => {
      clearTimeout(connecting)
      session.setLocalWindowSize(CONNECTION_WINDOW_BYTES)
      stopPings = keepAlive(session)
    })
    // The streams fail with it, and say why.
    session.on('error', () => {})
    const forget = () => {
      if (this.#session === session) this.#session = undefined
    }
    // The next relay gets a connection of its own; those that are open finish on this one.
    session.once('goaway', forget)
    session.once('close', () => {
      clearTimeout(connecting)
      stopPings()
      forget()
    })
    return session
  }
}

/** Ends a connection whose peer does not answer pings. Returns what stops them. */
function keepAlive(session: ClientHttp2Session): () => void {
  let overdue: NodeJS.Timeout | undefined
  const interval = setInterval(() => {
    if (session.destroyed || overdue) return
    overdue = setTimeout(() => session.destroy(new Error('the gateway does not answer')), PING_TIMEOUT_MS)
    session.ping((error) => {
      if (error) return
      clearTimeout(overdue)
      overdue = undefined
    })
  }, PING_INTERVAL_MS)
  return () => {
    clearInterval(interval)
    clearTimeout(overdue)
  }
}
