import { Server, ServerCredentials } from '@grpc/grpc-js'
import { computeDefinition } from './compute-definition.js'
import { type ComputeServiceParts, computeService } from './compute-service.js'
import { addHealth, type Health } from './health.js'
import { InFlight } from './in-flight.js'
import { addReflection } from './reflection.js'
import { claimSocket, type SocketClaim } from './socket-claim.js'

/** What a socket server serves, and how long it waits at its end. */
export interface SocketServerOptions extends Omit<ComputeServiceParts, 'inFlight' | 'draining'> {
  readonly socketPath: string
  /** How long a shutdown waits for calls that run. */
  readonly drainTimeoutMs: number
}

/** The gRPC server of a driver on its socket. */
export class SocketServer {
  readonly #server: Server
  readonly #claim: SocketClaim
  readonly #health: Health
  readonly #inFlight: InFlight
  readonly #drain: () => void
  readonly #options: SocketServerOptions

  private constructor(parts: {
    server: Server
    claim: SocketClaim
    health: Health
    inFlight: InFlight
    drain: () => void
    options: SocketServerOptions
  }) {
    this.#server = parts.server
    this.#claim = parts.claim
    this.#health = parts.health
    this.#inFlight = parts.inFlight
    this.#drain = parts.drain
    this.#options = parts.options
  }

  /** Listens on the socket. @throws Error that names the path, see `claimSocket`. */
  static async listen(options: SocketServerOptions): Promise<SocketServer> {
    const inFlight = new InFlight()
    let draining = false
    // The gateway reads no compressed answers, and one connection carries everything.
    const server = new Server({ 'grpc.max_send_message_length': -1 })
    server.addService(computeDefinition(), computeService({ ...options, inFlight, draining: () => draining }))
    const health = await addHealth(server)
    await addReflection(server)
    const claim = await claimSocket(options.socketPath, (path) => bind(server, path)).catch((error: unknown) => {
      server.forceShutdown()
      throw error
    })
    const drain = () => {
      draining = true
    }
    return new SocketServer({ server, claim, health, inFlight, drain, options })
  }

  /** Absolute path of the socket. */
  get socketPath(): string {
    return this.#claim.path
  }

  /** Tells health checks whether the driver serves. */
  setServing(serving: boolean): void {
    this.#health.setServing(serving)
  }

  /** Takes no new calls, waits for those that run, at most for the drain time, and leaves the socket. */
  async close(): Promise<void> {
    const { engine, drainTimeoutMs } = this.#options
    this.#health.setServing(false)
    this.#drain()
    await this.#claim.release()
    await within(drainTimeoutMs, this.#inFlight.idle())
    // Only now: what the last calls have changed is told, their deletions above all.
    engine.endWatches()
    await within(closeTimeoutMs, new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve())))
    this.#server.forceShutdown()
  }
}

/** What remains after the calls are answered: answers on their way, and watchers that do not read. */
const closeTimeoutMs = 500

function bind(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) => {
      if (error) reject(new Error(`The driver cannot listen on its socket: ${error.message}`, { cause: error }))
      else resolve()
    })
  })
}

function within(milliseconds: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    work.then(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
