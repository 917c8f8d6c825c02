import { invalidArgument, notFound, permissionDenied, unavailable } from '../errors/status-error.js'
import type { GatewayStore } from '../store/gateway-store.js'
import type { Principal } from './principal.js'
import type { SandboxTokens } from './sandbox-tokens.js'

const extensionNameLimit = 64

/** A token, and when it expires. */
export interface FreshToken {
  readonly token: string
  /** Seconds since 1970; 0 means never. */
  readonly expiresAtSeconds: number
}

/**
 * Gives a supervisor a token with a later expiry.
 *
 * @throws StatusError when the gateway issues none, when the caller is no supervisor of a sandbox that exists, and for
 * extension services: no policy of this gateway names one.
 */
export async function refreshToken(
  { store, tokens }: { readonly store: GatewayStore; readonly tokens: SandboxTokens | undefined },
  principal: Principal,
  extensionNames: readonly string[],
): Promise<FreshToken> {
  if (!tokens) throw unavailable('sandbox token issuer is not configured')
  if (principal.type !== 'sandbox') throw permissionDenied('this method requires a sandbox principal')
  if (!store.sandboxes.get(principal.sandboxId)) throw notFound('sandbox not found')
  checkExtensionNames(extensionNames)
  const expiresAtSeconds = tokens.expiryFromNow()
  return { token: await tokens.mint(principal.sandboxId), expiresAtSeconds }
}

function checkExtensionNames(names: readonly string[]): void {
  if (names.length > extensionNameLimit) {
    throw invalidArgument(`extension_service_names exceeds maximum entries (${names.length} > ${extensionNameLimit})`)
  }
  if (names.includes('')) throw invalidArgument('extension_service_names must not contain empty names')
  if (new Set(names).size < names.length) throw invalidArgument('extension_service_names must not contain duplicates')
  const [name] = names
  if (name !== undefined) throw permissionDenied(`extension service '${name}' is not part of the sandbox policy`)
}
