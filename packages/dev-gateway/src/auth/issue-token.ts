import { notFound, permissionDenied, unavailable } from '../errors/status-error.js'
import type { GatewayStore } from '../store/gateway-store.js'
import type { Principal } from './principal.js'
import type { FreshToken } from './refresh-token.js'
import type { SandboxTokens } from './sandbox-tokens.js'

/**
 * Gives a workload for which the compute driver vouches its first token.
 *
 * @throws StatusError for callers that the driver does not vouch for, for sandboxes that do not exist, and when the driver names
 * another object of its backend than the one that it created or started last.
 */
export async function issueToken(
  { store, tokens }: { readonly store: GatewayStore; readonly tokens: SandboxTokens | undefined },
  principal: Principal,
): Promise<FreshToken> {
  if (principal.type !== 'sandbox' || principal.runtimeIdentity === undefined) {
    throw permissionDenied('this principal cannot mint a sandbox token; use RefreshSandboxToken')
  }
  if (!tokens) throw unavailable('sandbox session minting is not configured on this gateway')
  const row = store.sandboxes.get(principal.sandboxId)
  if (!row) throw notFound('sandbox not found')
  // A sandbox without an identity of its own was made before there were any, and matches nobody.
  if (!row.launch?.runtimeIdentity || row.launch.runtimeIdentity !== principal.runtimeIdentity) {
    throw permissionDenied('compute runtime identity does not match the sandbox')
  }
  const expiresAtSeconds = tokens.expiryFromNow()
  return { token: await tokens.mint(row.id), expiresAtSeconds }
}
