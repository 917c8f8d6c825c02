import { type OpenShell, SandboxPhase } from '@openshell-ts/protocol/v0-0'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { failedPrecondition, invalidArgument, notFound } from '../../server/status-error.js'
import type { SandboxRow } from '../../store/sandbox-row.js'
import type { ApiContext } from '../api-context.js'

/** Opens and revokes SSH sessions. */
export function sshSessionHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { sshSessions, address } = context
  return {
    createSshSession: ({ sandboxId }) => {
      if (sandboxId === '') throw invalidArgument('sandbox_id is required')
      const { token, expiresAtMs } = sshSessions.create(requireReady(context, sandboxId).id)
      const { host, port, scheme } = address
      return {
        sandboxId,
        token,
        gatewayHost: host,
        gatewayPort: port,
        gatewayScheme: scheme,
        expiresAtMs: BigInt(expiresAtMs),
      }
    },
    revokeSshSession: ({ token }) => {
      if (token === '') throw invalidArgument('token is required')
      return { revoked: sshSessions.revoke(token) }
    },
  }
}

/** The sandbox with this id, which must be ready. */
export function requireReady({ store }: ApiContext, sandboxId: string): SandboxRow {
  const row = store.sandboxes.get(sandboxId)
  if (!row) throw notFound('sandbox not found')
  if (row.status.phase !== SandboxPhase.READY) throw failedPrecondition('sandbox is not ready')
  return row
}
