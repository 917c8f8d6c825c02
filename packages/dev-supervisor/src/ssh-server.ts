import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import ssh2, { type AuthContext, type Connection, type Server } from 'ssh2'
import { generateHostKey } from './host-key.js'
import { serveDirectTcp } from './ssh-direct-tcp.js'
import { type SshServices, serveSshSession } from './ssh-session.js'

const INACTIVITY_TIMEOUT_MS = 600_000

// AES-GCM is native in Node; the cipher that clients prefer, ChaCha20, is several times slower in ssh2.
const CIPHERS = ['aes256-gcm@openssh.com', 'aes128-gcm@openssh.com', 'aes256-ctr', 'aes192-ctr', 'aes128-ctr'] as const

/**
 * The SSH server of a sandbox, with a fresh host key. Whoever reaches it may run commands: the session with the gateway and
 * the mode of the Unix socket are its only gates.
 */
export class SshServer {
  readonly #server: Server
  readonly #connections = new Set<Connection>()
  readonly #logger: Logger

  constructor(services: SshServices, logger: Logger) {
    this.#logger = logger
    this.#server = new ssh2.Server({
      hostKeys: [generateHostKey()],
      algorithms: { cipher: [...CIPHERS] },
      // A connection without any packet for this long ends; clients keep theirs with keepalive requests.
      keepaliveInterval: INACTIVITY_TIMEOUT_MS,
      keepaliveCountMax: 0,
    })
    this.#server.on('connection', (connection: Connection) => this.#accept(connection, services))
  }

  /** Serves SSH over a stream. */
  serve(stream: Duplex): void {
    this.#server.injectSocket(stream as Socket)
    // The server gives a connection up by ending its own side, as for a packet that is too long; the other side would wait for ever.
    stream.once('finish', () => {
      if (!stream.readableEnded) stream.destroy()
    })
  }

  /** Ends every connection. */
  close(): void {
    for (const connection of this.#connections) connection.end()
  }

  #accept(connection: Connection, services: SshServices): void {
    const closed = new AbortController()
    this.#connections.add(connection)
    connection.on('error', (error) => this.#logger.debug({ reason: error.message }, 'ssh connection failed'))
    connection.on('close', () => {
      this.#connections.delete(connection)
      closed.abort()
    })
    connection.on('authentication', authenticate)
    connection.on('session', (accept) => serveSshSession(accept(), services, closed.signal))
    connection.on('tcpip', (accept, reject, { destIP, destPort }) => {
      serveDirectTcp({ accept, reject, host: destIP, port: destPort })
    })
  }
}

function authenticate(context: AuthContext): void {
  if (context.method === 'none' || context.method === 'publickey') context.accept()
  else context.reject(['publickey'])
}
