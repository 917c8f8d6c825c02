import { randomUUID } from 'node:crypto'
import { status } from '@grpc/grpc-js'
import { timerMs } from '../clock/timer-ms.js'
import { notFound, permissionDenied, StatusError, unavailable } from '../errors/status-error.js'
import type { RelayDuplex } from './relay-duplex.js'
import type { Session, SessionMessage, SessionRegistry } from './session-registry.js'

/** Where the supervisor connects a relay to. */
export type RelayTarget =
  | { readonly type: 'ssh' }
  | { readonly type: 'tcp'; readonly host: string; readonly port: number }

/** The relay's limits in time. */
export interface RelayBrokerOptions {
  readonly sessions: SessionRegistry
  /** How long a caller waits for a supervisor to connect, in milliseconds. */
  readonly sessionWaitMs: number
  /** How long a supervisor may take to pick a relay up, in milliseconds. */
  readonly claimTimeoutMs: number
}

interface PendingRelay {
  readonly sandboxId: string
  readonly message: SessionMessage
  readonly settle: (outcome: RelayDuplex | StatusError) => void
}

const relaysPerSandbox = 32
const relaysInAll = 256

/** Opens byte channels into sandboxes: asks a supervisor for one, and pairs the asker with the stream that comes back. */
export class RelayBroker {
  readonly #options: RelayBrokerOptions
  readonly #pending = new Map<string, PendingRelay>()
  readonly #claimed = new Set<RelayDuplex>()

  constructor(options: RelayBrokerOptions) {
    this.#options = options
  }

  /**
   * Opens a channel.
   *
   * @throws StatusError UNAVAILABLE without a session, beyond the limits, or when the supervisor refuses;
   * DEADLINE_EXCEEDED when nobody picks the channel up.
   */
  async open(sandboxId: string, target: RelayTarget, serviceId = ''): Promise<RelayDuplex> {
    const session = await this.#options.sessions.waitFor(sandboxId, this.#options.sessionWaitMs)
    if (!session)
      throw unavailable(relayFailure('The service is currently unavailable', 'supervisor session not connected'))
    this.#checkLimits(sandboxId)
    return this.#request(session, target, serviceId)
  }

  /** Takes a supervisor's word that it could not connect a channel. Unknown channels mean nothing. */
  refuse(sandboxId: string, channelId: string, error: string): void {
    const relay = this.#pending.get(channelId)
    if (relay?.sandboxId === sandboxId) relay.settle(unavailable(error))
  }

  /**
   * Pairs the stream of a supervisor with the caller that asked for it. A channel can be claimed once.
   *
   * @throws StatusError NOT_FOUND for unknown and used channels, PERMISSION_DENIED for another sandbox's.
   */
  claim(channelId: string, sandboxId: string, relay: RelayDuplex): void {
    const pending = this.#pending.get(channelId)
    if (!pending) throw notFound('unknown or expired relay channel')
    if (pending.sandboxId !== sandboxId) {
      throw permissionDenied('cross-sandbox access denied: principal does not own this sandbox')
    }
    this.#claimed.add(relay)
    relay.once('close', () => this.#claimed.delete(relay))
    pending.settle(relay)
  }

  /** Asks a session once more for everything that is still open, as one does that replaced another. */
  repeatPending(session: Session): void {
    for (const relay of this.#pending.values()) {
      if (relay.sandboxId === session.sandboxId) session.send(relay.message)
    }
  }

  /** Ends every wait for a channel, and every channel: one whose supervisor is gone would wait for its other side to end. */
  close(): void {
    for (const relay of [...this.#pending.values()]) relay.settle(unavailable('the gateway is shutting down'))
    for (const relay of [...this.#claimed]) relay.destroy()
  }

  #request(session: Session, target: RelayTarget, serviceId: string): Promise<RelayDuplex> {
    const channelId = randomUUID()
    const message = relayOpen(channelId, target, serviceId)
    const { sandboxId } = session
    return new Promise((resolve, reject) => {
      const settle = (outcome: RelayDuplex | StatusError) => {
        clearTimeout(timer)
        this.#pending.delete(channelId)
        if (outcome instanceof StatusError) reject(outcome)
        else resolve(outcome)
      }
      const timedOut = new StatusError(status.DEADLINE_EXCEEDED, 'relay open timed out')
      const timer = setTimeout(settle, timerMs(this.#options.claimTimeoutMs), timedOut)
      this.#pending.set(channelId, { sandboxId, message, settle })
      session.send(message)
    })
  }

  #checkLimits(sandboxId: string): void {
    const own = [...this.#pending.values()].filter((relay) => relay.sandboxId === sandboxId).length
    const exhausted = 'Some resource has been exhausted'
    if (own >= relaysPerSandbox) {
      throw unavailable(
        relayFailure(exhausted, `per-sandbox relay limit reached (${relaysPerSandbox} in flight for ${sandboxId})`),
      )
    }
    if (this.#pending.size >= relaysInAll) {
      throw unavailable(relayFailure(exhausted, `relay limit reached (${relaysInAll} in flight)`))
    }
  }
}

function relayFailure(phrase: string, message: string): string {
  return `supervisor relay failed: code: '${phrase}', message: "${message}"`
}

function relayOpen(channelId: string, target: RelayTarget, serviceId: string): SessionMessage {
  return {
    payload: {
      case: 'relayOpen',
      value: {
        channelId,
        serviceId,
        target:
          target.type === 'ssh'
            ? { case: 'ssh', value: {} }
            : { case: 'tcp', value: { host: target.host, port: target.port } },
      },
    },
  }
}
