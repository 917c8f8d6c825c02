import type { OpenShell } from '@openshell-ts/protocol/v0-0'
import { refreshToken } from '../../auth/refresh-token.js'
import { permissionDenied } from '../../errors/status-error.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import type { ApiContext } from '../api-context.js'

/** Renews the tokens of supervisors. */
export function sandboxTokenHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    issueSandboxToken: () => {
      // Only workload identities of a Kubernetes cluster trade theirs for a token, and this gateway knows none.
      throw permissionDenied('this principal cannot mint a sandbox token; use RefreshSandboxToken')
    },
    refreshSandboxToken: async ({ extensionServiceNames }, { principal }) => {
      const { token, expiresAtSeconds } = await refreshToken(context, principal, extensionServiceNames)
      return { token, expiresAtMs: BigInt(expiresAtSeconds) * 1000n }
    },
  }
}
