import { DeletionOutcome, type OpenShell } from '@openshell-ts/protocol/v0-1'
import { invalidArgument, notFound } from '../../errors/status-error.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { requireReady } from '../../sessions/require-ready.js'
import type { ApiContext } from '../api-context.js'
import { findSandbox } from './find-sandbox.js'
import { toTimestamp } from './to-timestamp.js'

/** Opens and revokes SSH sessions. */
export function sshSessionHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { sshSessions, address } = context
  return {
    createSshSession: ({ workspaceScope, sandbox }) => {
      const row = requireReady(findSandbox(context, workspaceScope, sandbox, 'sandbox is required'))
      const sandboxId = row.id
      const { token, expiresAtMs } = sshSessions.create(sandboxId)
      const { host: gatewayHost, port: gatewayPort, scheme: gatewayScheme } = address
      const expirationTime = toTimestamp(expiresAtMs)
      return {
        sandboxId,
        token,
        gatewayHost,
        gatewayPort,
        gatewayScheme,
        hostKeyFingerprint: row.launch?.hostKeyFingerprint ?? '',
        ...(expirationTime && { expirationTime }),
      }
    },
    revokeSshSession: ({ token, allowMissing }) => {
      if (token === '') throw invalidArgument('token is required')
      if (sshSessions.revoke(token)) return { outcome: DeletionOutcome.COMPLETED }
      if (allowMissing) return { outcome: DeletionOutcome.ALREADY_ABSENT }
      throw notFound('SSH session not found')
    },
  }
}
