import { DeletionOutcome } from '@openshell-ts/protocol/v0-1'
import type { SshCalls } from '../ssh-calls.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { toDate } from './to-date.js'
import { workspaceScope } from './workspace-scope.js'

export function sshCalls(client: OpenShellServiceClient): SshCalls {
  return {
    async create({ workspace, name }, call) {
      const request = { workspaceScope: workspaceScope(workspace), sandbox: name }
      const reply = await client.createSshSession(request, toCallOptions(call))
      const { sandboxId, token, gatewayHost, gatewayPort, gatewayScheme, hostKeyFingerprint, expirationTime } = reply
      const expiresAt = toDate(expirationTime)
      return { sandboxId, token, gatewayHost, gatewayPort, gatewayScheme, hostKeyFingerprint, expiresAt }
    },
    async revoke(token, call) {
      const { outcome } = await client.revokeSshSession({ token, allowMissing: true }, toCallOptions(call))
      return outcome === DeletionOutcome.ALREADY_ABSENT ? 'absent' : 'revoked'
    },
  }
}
