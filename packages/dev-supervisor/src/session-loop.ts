import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { Backoff } from './backoff.js'
import type { GatewayConnection } from './gateway-connection.js'
import type { GatewayLine } from './gateway-line.js'
import type { Relays } from './relay.js'
import { runSession, type SessionEnd } from './session.js'

/** A session that the gateway has accepted. */
export interface AcceptedSession {
  readonly connection: GatewayConnection
  readonly line: GatewayLine
  readonly sessionId: string
  /** Aborts when the session ends. */
  readonly signal: AbortSignal
}

/** What keeping a session needs. */
export interface SessionLoopOptions {
  /** Makes the connection of one attempt. */
  readonly connect: () => GatewayConnection
  readonly endpointUrl: string
  readonly sandboxId: string
  readonly instanceId: string
  readonly relays: Relays
  readonly logger: Logger
  /** Ends the session and the attempts. */
  readonly signal: AbortSignal
  /** A session has been accepted. */
  readonly onAccepted: (accepted: AcceptedSession) => void
}

/** Keeps a session open until the signal aborts: a new connection each time, after 1 s doubled up to 30 s. Never rejects. */
export async function keepSession(options: SessionLoopOptions): Promise<void> {
  const { signal } = options
  const backoff = new Backoff({ firstMs: 1_000, longestMs: 30_000 })
  const report = new StateLog(options)
  while (!signal.aborted) {
    const end = await attemptSession(options, () => {
      backoff.reset()
      report.connected()
    })
    if (signal.aborted) return
    report.disconnected(end)
    await delay(backoff.next(), undefined, { signal }).catch(() => {})
  }
}

async function attemptSession(options: SessionLoopOptions, onAccepted: () => void): Promise<SessionEnd> {
  const { sandboxId, instanceId, logger, signal, relays } = options
  const connection = options.connect()
  const ended = new AbortController()
  try {
    return await runSession({
      connection,
      sandboxId,
      instanceId,
      logger,
      signal,
      onAccepted: ({ line, sessionId }) => {
        onAccepted()
        options.onAccepted({ connection, line, sessionId, signal: ended.signal })
      },
      onRelayOpen: (open, send) => void relays.open(open, { connection, send }),
    })
  } finally {
    ended.abort()
    connection.release()
  }
}

/** Says once that the gateway is there or not, and the rest at level debug. */
class StateLog {
  readonly #logger: Logger
  #last: string | undefined

  constructor({ logger, endpointUrl, sandboxId }: SessionLoopOptions) {
    this.#logger = logger.child({ endpoint: endpointUrl, sandboxId })
  }

  connected(): void {
    this.#last = undefined
    this.#logger.info('connected to the gateway')
  }

  disconnected(end: SessionEnd): void {
    const reason = end.type === 'ended' ? 'the gateway ended the session' : end.reason
    this.#logger[this.#last === reason ? 'debug' : 'warn']({ reason }, 'not connected to the gateway; trying again')
    this.#last = reason
  }
}
