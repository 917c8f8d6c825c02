import type { OpenShell } from '@openshell-ts/protocol/v0-0'
import { invalidArgument } from '../../errors/status-error.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { requireReady } from '../../sessions/require-ready.js'
import type { ApiContext } from '../api-context.js'

/** Opens and revokes SSH sessions. */
export function sshSessionHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { sshSessions, address } = context
  return {
    createSshSession: ({ sandboxId }) => {
      if (sandboxId === '') throw invalidArgument('sandbox_id is required')
      const { token, expiresAtMs } = sshSessions.create(requireReady(context.store.sandboxes.get(sandboxId)).id)
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
