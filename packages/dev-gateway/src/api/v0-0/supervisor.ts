import type { OpenShell } from '@openshell-ts/protocol/v0-0'
import { requireOwnSandbox } from '../../auth/authenticator.js'
import { invalidArgument } from '../../errors/status-error.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { heartbeatSeconds, type SessionGreeting, serveSession } from '../../sessions/serve-session.js'
import { markMainProcessExit } from '../../sessions/session-status.js'
import type { ApiContext } from '../api-context.js'

/** What a sandbox's supervisor calls to be reachable, and to say that its main process ended. */
export function supervisorHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const heartbeatIntervalSecs = heartbeatSeconds(context)
  const greeting: SessionGreeting = {
    accepted: ({ sessionId }) => ({
      payload: { case: 'sessionAccepted', value: { sessionId, heartbeatIntervalSecs } },
    }),
    check: () => undefined,
  }
  return {
    connectSupervisor: (messages, call, responses) => serveSession(context, greeting, messages, call, responses),
    reportMainProcessExit: (request, { principal }) => {
      if (request.instanceId === '') throw invalidArgument('instance_id is required')
      if (request.sandboxId === '') throw invalidArgument('sandbox_id is required')
      requireOwnSandbox(principal, request.sandboxId)
      markMainProcessExit(context.store.sandboxes, request.sandboxId, request, '0.0')
      return {}
    },
  }
}
