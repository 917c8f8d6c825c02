import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { status as Code, type StatusObject } from '@grpc/grpc-js'
import {
  type RelayOpen,
  SupervisorHelloSchema,
  type SupervisorMessage,
  SupervisorMessageSchema,
} from '@openshell-ts/protocol/v0-0'
import { SupervisorHelloSchema as LaterHelloSchema } from '@openshell-ts/protocol/v0-1'
import type { Logger } from 'pino'
import type { GatewayConnection, SessionCall } from './gateway-connection.js'
import { type GatewayLine, gatewayLine } from './gateway-line.js'

const CONNECT_TIMEOUT_MS = 10_000
const SHORTEST_HEARTBEAT_SECONDS = 5

/** What a session needs. */
export interface SessionOptions {
  readonly connection: GatewayConnection
  readonly sandboxId: string
  readonly instanceId: string
  readonly logger: Logger
  /** Ends the session when it aborts. */
  readonly signal: AbortSignal
  /** The gateway has accepted the session, which has this id. */
  readonly onAccepted: (accepted: { readonly line: GatewayLine; readonly sessionId: string }) => void
  /** The gateway asks for a relay. `send` resolves when the message is on its way. */
  readonly onRelayOpen: (open: RelayOpen, send: (message: SupervisorMessage) => Promise<void>) => void
}

/** How a session ended: the gateway ended it, or why it failed. */
export type SessionEnd = { readonly type: 'ended' } | { readonly type: 'failed'; readonly reason: string }

/** Runs one session from hello to its end. Never rejects. */
export function runSession(options: SessionOptions): Promise<SessionEnd> {
  const { connection, signal, logger } = options
  const call = connection.connectSupervisor()
  const heartbeats = new Heartbeats(call)
  return new Promise((resolve) => {
    let refusal: string | undefined
    const refuse = (reason: string) => {
      refusal ??= reason
      call.cancel()
    }
    const stop = () => refuse('the supervisor is stopping')
    signal.addEventListener('abort', stop, { once: true })
    call.on('data', (message) => {
      const { payload } = message
      if (payload.case === 'sessionAccepted') {
        const { sessionId } = payload.value
        logger.debug({ sessionId }, 'session accepted')
        heartbeats.start(payload.value.heartbeatIntervalSecs)
        options.onAccepted({ line: gatewayLine(payload.value), sessionId })
      } else if (payload.case === 'sessionRejected') {
        refuse(`the gateway rejected the session: ${payload.value.reason}`)
      } else if (payload.case === 'relayOpen') {
        // A relay may be asked for before the session is accepted: the gateway registers first and answers second.
        options.onRelayOpen(payload.value, (answer) => write(call, answer))
      }
    })
    // The status that follows says the same.
    call.on('error', () => {})
    call.on('status', (status: StatusObject) => {
      heartbeats.stop()
      signal.removeEventListener('abort', stop)
      resolve(toSessionEnd(status, refusal))
    })
    // At once: the gateway sends its response headers only after it has read this.
    call.write(hello(options))
    connection.ready(CONNECT_TIMEOUT_MS).catch(() => refuse(`no connection within ${CONNECT_TIMEOUT_MS / 1000} s`))
    if (signal.aborted) stop()
  })
}

// Which line the gateway speaks shows in its answer only; a gateway of line 0.0 skips the field that it does not know.
function hello({ sandboxId, instanceId }: SessionOptions): SupervisorMessage {
  const later = create(LaterHelloSchema, { sandboxId, instanceId, supportsProviderReadiness: true })
  const value = fromBinary(SupervisorHelloSchema, toBinary(LaterHelloSchema, later))
  return create(SupervisorMessageSchema, { payload: { case: 'hello', value } })
}

function toSessionEnd({ code, details }: StatusObject, refusal: string | undefined): SessionEnd {
  if (refusal !== undefined) return { type: 'failed', reason: refusal }
  return code === Code.OK ? { type: 'ended' } : { type: 'failed', reason: `${Code[code] ?? code}: ${details}` }
}

function write(call: SessionCall, message: SupervisorMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    call.write(message, (error: Error | null | undefined) => (error ? reject(error) : resolve()))
  })
}

/** Sends a heartbeat in each interval, the first one a full interval after the start. */
class Heartbeats {
  readonly #call: SessionCall
  #timer: NodeJS.Timeout | undefined

  constructor(call: SessionCall) {
    this.#call = call
  }

  start(intervalSeconds: number): void {
    this.stop()
    const heartbeat = create(SupervisorMessageSchema, { payload: { case: 'heartbeat', value: {} } })
    this.#timer = setInterval(
      () => this.#call.write(heartbeat),
      Math.max(SHORTEST_HEARTBEAT_SECONDS, intervalSeconds) * 1000,
    )
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
