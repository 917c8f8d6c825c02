import type { SshCalls } from '../ssh-calls.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'

export function sshCalls(client: OpenShellServiceClient): SshCalls {
  return {
    async create({ id }, call) {
      const reply = await client.createSshSession({ sandboxId: id }, toCallOptions(call))
      const { sandboxId, token, gatewayHost, gatewayPort, gatewayScheme, hostKeyFingerprint, expiresAtMs } = reply
      const expiresAt = expiresAtMs === 0n ? undefined : new Date(Number(expiresAtMs))
      return { sandboxId, token, gatewayHost, gatewayPort, gatewayScheme, hostKeyFingerprint, expiresAt }
    },
    async revoke(token, call) {
      const { revoked } = await client.revokeSshSession({ token }, toCallOptions(call))
      return revoked ? 'revoked' : 'absent'
    },
  }
}
