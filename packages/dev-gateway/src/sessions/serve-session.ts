import { requireOwnSandbox } from '../auth/authenticator.js'
import { timerMs } from '../clock/timer-ms.js'
import { invalidArgument, notFound } from '../errors/status-error.js'
import type { PhaseRules } from '../phases/phases.js'
import type { SandboxRow } from '../records/sandbox-row.js'
import type { CallContext, ResponseStream } from '../server/method-handlers.js'
import type { GatewayStore } from '../store/gateway-store.js'
import type { RelayBroker } from './relay-broker.js'
import type { Session, SessionMessage, SessionRegistry } from './session-registry.js'
import { markConnected, markDisconnected } from './session-status.js'

/** What sessions are served with. */
export interface SessionParts {
  readonly store: GatewayStore
  readonly sessions: SessionRegistry
  readonly relays: RelayBroker
  readonly rules: PhaseRules
  /** How often supervisors hear from the gateway, in milliseconds. */
  readonly heartbeatMs: number
}

/** The first thing that a supervisor says. */
export interface SupervisorIntroduction {
  readonly sandboxId: string
  readonly instanceId: string
  /** Absent on line 0.0, whose supervisors report on no providers. */
  readonly supportsProviderReadiness?: boolean
}

/** What a supervisor says, as far as the gateway listens; the same on both lines of the wire. */
export interface SupervisorWord {
  readonly payload:
    | { readonly case: 'hello'; readonly value: SupervisorIntroduction }
    | {
        readonly case: 'relayOpenResult'
        readonly value: { readonly channelId: string; readonly success: boolean; readonly error: string }
      }
    | { readonly case: 'heartbeat' | 'relayClose' | 'configUpdateResult' | undefined }
}

/** How a line of the wire greets supervisors. */
export interface SessionGreeting {
  /** The first message on a session. */
  readonly accepted: (session: Session) => SessionMessage
  /** Refuses a session by throwing a StatusError. */
  readonly check: (row: SandboxRow) => void
}

/** Serves a supervisor's session to its end. */
export async function serveSession(
  { store, sessions, relays, rules, heartbeatMs }: SessionParts,
  { accepted, check }: SessionGreeting,
  words: AsyncIterator<SupervisorWord>,
  { principal, signal }: CallContext,
  responses: ResponseStream<SessionMessage>,
): Promise<void> {
  const hello = await readHello(words)
  requireOwnSandbox(principal, hello.sandboxId)
  const row = store.sandboxes.get(hello.sandboxId)
  if (!row) throw notFound('sandbox not found')
  check(row)
  const send = (message: SessionMessage) => void responses.send(message).catch(() => undefined)
  const providerReports = hello.supportsProviderReadiness ? 'given' : 'none'
  const { session, superseded } = sessions.open(hello.sandboxId, send, { providerReports })
  const beat = () => session.send({ payload: { case: 'heartbeat', value: {} } })
  const heartbeat = setInterval(beat, timerMs(heartbeatMs))
  try {
    session.send(accepted(session))
    if (superseded) relays.repeatPending(session)
    markConnected({ store, rules }, session.sandboxId, hello.instanceId)
    await Promise.race([aborted(session.ended), aborted(signal), listen(relays, session, words)])
  } finally {
    clearInterval(heartbeat)
    if (sessions.close(session)) markDisconnected(store.sandboxes, session.sandboxId)
  }
}

/** How often supervisors shall hear from the gateway, in whole seconds, as they are told. */
export function heartbeatSeconds({ heartbeatMs }: Pick<SessionParts, 'heartbeatMs'>): number {
  return Math.max(1, Math.round(timerMs(heartbeatMs) / 1000))
}

async function readHello(words: AsyncIterator<SupervisorWord>) {
  const first = await words.next()
  if (first.done) throw invalidArgument('stream closed before hello')
  if (first.value.payload.case !== 'hello') throw invalidArgument('expected SupervisorHello')
  const hello = first.value.payload.value
  if (hello.sandboxId === '') throw invalidArgument('sandbox_id is required')
  return hello
}

// Only refusals matter: heartbeats, a second hello and closed relays mean nothing to the real gateway.
async function listen(relays: RelayBroker, session: Session, words: AsyncIterator<SupervisorWord>): Promise<void> {
  try {
    for (let word = await words.next(); !word.done; word = await words.next()) {
      const { payload } = word.value
      if (payload.case !== 'relayOpenResult' || payload.value.success) continue
      relays.refuse(session.sandboxId, payload.value.channelId, payload.value.error)
    }
  } catch {
    // A broken stream is the end of the session, like a closed one.
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
