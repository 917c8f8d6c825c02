import type { OpenShell, SupervisorMessage } from '@openshell-ts/protocol/v0-0'
import { requireOwnSandbox } from '../../auth/authenticator.js'
import type { CallContext, MethodHandlers, ResponseStream } from '../../server/method-handlers.js'
import { invalidArgument, notFound } from '../../server/status-error.js'
import type { Session, SessionMessage } from '../../sessions/session-registry.js'
import { markConnected, markDisconnected, markMainProcessExit } from '../../sessions/session-status.js'
import type { ApiContext } from '../api-context.js'

/** What a sandbox's supervisor calls to be reachable, and to say that its main process ended. */
export function supervisorHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    connectSupervisor: (messages, call, responses) => connect(context, messages, call, responses),
    reportMainProcessExit: (request, { principal }) => {
      if (request.instanceId === '') throw invalidArgument('instance_id is required')
      if (request.sandboxId === '') throw invalidArgument('sandbox_id is required')
      requireOwnSandbox(principal, request.sandboxId)
      markMainProcessExit(context.store.sandboxes, request.sandboxId, request, '0.0')
      return {}
    },
  }
}

async function connect(
  context: ApiContext,
  messages: AsyncIterator<SupervisorMessage>,
  { principal, signal }: CallContext,
  responses: ResponseStream<SessionMessage>,
): Promise<void> {
  const { store, sessions, relays } = context
  const hello = await readHello(messages)
  requireOwnSandbox(principal, hello.sandboxId)
  if (!store.sandboxes.get(hello.sandboxId)) throw notFound('sandbox not found')
  const send = (message: SessionMessage) => void responses.send(message).catch(() => undefined)
  const { session, superseded } = sessions.open(hello.sandboxId, send)
  session.send(accepted(session, context.heartbeatMs))
  if (superseded) relays.repeatPending(session)
  markConnected(store.sandboxes, session.sandboxId, hello.instanceId)
  const heartbeat = setInterval(() => session.send({ payload: { case: 'heartbeat', value: {} } }), context.heartbeatMs)
  try {
    await Promise.race([aborted(session.ended), aborted(signal), listen(context, session, messages)])
  } finally {
    clearInterval(heartbeat)
    if (sessions.close(session)) markDisconnected(store.sandboxes, session.sandboxId)
  }
}

async function readHello(messages: AsyncIterator<SupervisorMessage>) {
  const first = await messages.next()
  if (first.done) throw invalidArgument('stream closed before hello')
  if (first.value.payload.case !== 'hello') throw invalidArgument('expected SupervisorHello')
  const hello = first.value.payload.value
  if (hello.sandboxId === '') throw invalidArgument('sandbox_id is required')
  return hello
}

// Only refusals matter: heartbeats, a second hello and closed relays mean nothing to the real gateway.
async function listen(
  { relays }: ApiContext,
  session: Session,
  messages: AsyncIterator<SupervisorMessage>,
): Promise<void> {
  try {
    for (let message = await messages.next(); !message.done; message = await messages.next()) {
      const { payload } = message.value
      if (payload.case !== 'relayOpenResult' || payload.value.success) continue
      relays.refuse(session.sandboxId, payload.value.channelId, payload.value.error)
    }
  } catch {
    // A broken stream is the end of the session, like a closed one.
  }
}

function accepted(session: Session, heartbeatMs: number): SessionMessage {
  return {
    payload: {
      case: 'sessionAccepted',
      value: { sessionId: session.sessionId, heartbeatIntervalSecs: Math.max(1, Math.round(heartbeatMs / 1000)) },
    },
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
