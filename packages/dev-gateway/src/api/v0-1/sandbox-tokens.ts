import type { Timestamp } from '@bufbuild/protobuf/wkt'
import type { OpenShell } from '@openshell-ts/protocol/v0-1'
import { issueToken } from '../../auth/issue-token.js'
import type { Principal } from '../../auth/principal.js'
import { refreshToken } from '../../auth/refresh-token.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import type { ApiContext } from '../api-context.js'
import { toTimestamp } from './to-timestamp.js'

/** Gives supervisors tokens, and renews them. */
export function sandboxTokenHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    issueSandboxToken: async (_request, { principal }) => {
      const { token, expiresAtSeconds } = await issueToken(context, principal)
      const expirationTime = toTimestamp(expiresAtSeconds * 1000)
      return { token, ...(expirationTime && { expirationTime }) }
    },
    refreshSandboxToken: async ({ extensionServiceNames }, { principal }) => {
      const { token, expiresAtSeconds } = await refreshToken(context, principal, extensionServiceNames)
      const expirationTime = toTimestamp(expiresAtSeconds * 1000)
      return {
        token,
        ...(expirationTime && { expirationTime }),
        ...(await renewSession(context, principal, expirationTime)),
      }
    },
  }
}

// The token for the sandbox is renewed with the one for the gateway, in the run that it was made for.
async function renewSession(
  { store, tokens }: ApiContext,
  principal: Principal,
  sandboxExpirationTime: Timestamp | undefined,
) {
  const row = principal.type === 'sandbox' ? store.sandboxes.get(principal.sandboxId) : undefined
  const known = row?.launch?.session
  if (!row?.launch || !known || !tokens) return {}
  const session = { ...known, rotation: known.rotation + 1 }
  store.sandboxes.update(row.id, { launch: { ...row.launch, session } })
  return {
    sandboxToken: await tokens.mintForSandbox(row.id, session),
    ...(sandboxExpirationTime && { sandboxExpirationTime }),
    sessionId: session.sessionId,
    credentialEpoch: BigInt(session.epoch),
  }
}
