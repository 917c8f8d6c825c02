import { durationFromMs } from '@bufbuild/protobuf/wkt'
import type { OpenShell } from '@openshell-ts/protocol/v0-1'
import { requireOwnSandbox } from '../../auth/authenticator.js'
import type { Principal } from '../../auth/principal.js'
import { phaseName } from '../../compute/sandbox-lifecycle.js'
import { failedPrecondition, invalidArgument } from '../../errors/status-error.js'
import { isClosedToSupervisors } from '../../phases/closed-phases.js'
import { isTimedOut, type SandboxRow } from '../../records/sandbox-row.js'
import type { MethodHandlers, ResponseStream } from '../../server/method-handlers.js'
import { heartbeatSeconds, type SessionGreeting, serveSession } from '../../sessions/serve-session.js'
import type { SessionMessage } from '../../sessions/session-registry.js'
import { markMainProcessExit } from '../../sessions/session-status.js'
import type { ApiContext } from '../api-context.js'

const retentionKey = 'openshell.nvidia.com/retention'

/** What a sandbox's supervisor calls to be reachable, and to say that its main process ended. */
export function supervisorHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store, lifecycle, restarts, logger } = context
  const heartbeatInterval = durationFromMs(heartbeatSeconds(context) * 1000)
  const greeting: SessionGreeting = {
    // The first message is the only one that the lines write differently.
    accepted: ({ sessionId }) =>
      ({ payload: { case: 'sessionAccepted', value: { sessionId, heartbeatInterval } } }) as unknown as SessionMessage,
    check: refuseEnding,
  }
  return {
    connectSupervisor: (messages, call, responses) =>
      serveSession(context, greeting, messages, call, responses as ResponseStream<object>),
    reportMainProcessExit: (request, { principal }) => {
      requireReporter(request, principal)
      const { sandboxId } = request
      if (markMainProcessExit(store.sandboxes, sandboxId, request, '0.1')) restarts.plan(sandboxId)
      return {}
    },
    finalizeMainProcessExit: (request, { principal }) => {
      requireReporter(request, principal)
      const row = store.sandboxes.get(request.sandboxId)
      const ended = row?.status.mainProcessInstanceId === request.instanceId && row.status.exitCode !== undefined
      if (row && ended && row.annotations[retentionKey] === 'ephemeral') {
        lifecycle.delete(row.id).catch((error: unknown) => {
          logger.warn({ err: error, sandboxId: row.id }, 'Failed to delete an ephemeral sandbox after its end')
        })
      }
      return {}
    },
  }
}

function refuseEnding(row: SandboxRow): void {
  const { phase } = row.status
  if (!isClosedToSupervisors(phase) && !isTimedOut(row)) return
  throw failedPrecondition(`sandbox is not accepting supervisor sessions while ${phaseName(phase)}`)
}

function requireReporter(request: { sandboxId: string; instanceId: string }, principal: Principal): void {
  if (request.instanceId === '') throw invalidArgument('instance_id is required')
  if (request.sandboxId === '') throw invalidArgument('sandbox_id is required')
  requireOwnSandbox(principal, request.sandboxId)
}
