import type { Duplex } from 'node:stream'
import { create } from '@bufbuild/protobuf'
import { type RelayOpen, type SupervisorMessage, SupervisorMessageSchema } from '@openshell-ts/protocol/v0-0'
import type { Logger } from 'pino'
import type { GatewayConnection } from './gateway-connection.js'
import { joinStreams } from './join-streams.js'
import { dialLoopback, toLoopbackTarget } from './loopback-target.js'
import { RelayStream } from './relay-stream.js'

/** What the relays of a supervisor need. */
export interface RelaysOptions {
  /** Serves SSH over a stream. */
  readonly serveSsh: (stream: Duplex) => void
  readonly logger: Logger
}

/** What one relay needs of its session. */
export interface RelaySession {
  readonly connection: GatewayConnection
  /** Sends a message on the session's stream; resolves when it is on its way. */
  readonly send: (message: SupervisorMessage) => Promise<void>
}

/** Connects relays to their targets, and knows those that are open. */
export class Relays {
  readonly #options: RelaysOptions
  readonly #open = new Set<RelayStream>()
  #closed = false

  constructor(options: RelaysOptions) {
    this.#options = options
  }

  /** Answers one `relay_open`: dial, result, then the stream. Never rejects. */
  async open(request: RelayOpen, session: RelaySession): Promise<void> {
    try {
      if (request.target.case === 'tcp') await this.#openTcp(request, request.target.value, session)
      else await this.#openSsh(request, session)
    } catch (error) {
      this.#options.logger.debug({ channelId: request.channelId, reason: reasonOf(error) }, 'relay failed')
    }
  }

  /** Cuts every relay, and refuses those to come. */
  close(): void {
    this.#closed = true
    for (const stream of this.#open) stream.destroy()
  }

  async #openSsh({ channelId }: RelayOpen, session: RelaySession): Promise<void> {
    await session.send(openResult(channelId))
    // The end of the response must end the SSH connection: the gateway reports an exit only after both directions ended.
    const stream = this.#start(channelId, session, { allowHalfOpen: false })
    if (stream) this.#options.serveSsh(stream)
  }

  async #openTcp({ channelId }: RelayOpen, target: { host: string; port: number }, session: RelaySession) {
    const address = toLoopbackTarget(target)
    if (address.type === 'refused') return session.send(openResult(channelId, address.reason))
    let socket: Awaited<ReturnType<typeof dialLoopback>>
    try {
      socket = await dialLoopback(address)
    } catch (error) {
      return session.send(openResult(channelId, `connecting to the target failed: ${reasonOf(error)}`))
    }
    socket.on('error', () => socket.destroy())
    try {
      await session.send(openResult(channelId))
    } catch (error) {
      socket.destroy()
      throw error
    }
    const stream = this.#start(channelId, session, { allowHalfOpen: true })
    if (stream) joinStreams(socket, stream)
    else socket.destroy()
  }

  #start(channelId: string, { connection }: RelaySession, { allowHalfOpen }: { allowHalfOpen: boolean }) {
    if (this.#closed) return undefined
    connection.retain()
    const stream = new RelayStream(connection.relayStream(), { channelId, allowHalfOpen })
    this.#open.add(stream)
    stream.on('error', (error) => this.#options.logger.debug({ channelId, reason: reasonOf(error) }, 'relay failed'))
    stream.once('close', () => {
      this.#open.delete(stream)
      connection.release()
    })
    return stream
  }
}

function openResult(channelId: string, error?: string): SupervisorMessage {
  return create(SupervisorMessageSchema, {
    payload: { case: 'relayOpenResult', value: { channelId, success: error === undefined, error: error ?? '' } },
  })
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
