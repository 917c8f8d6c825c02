import type { OpenShell } from '@openshell-ts/protocol/v0-0'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { invalidArgument, notFound, permissionDenied, unavailable } from '../../server/status-error.js'
import type { ApiContext } from '../api-context.js'

const extensionNameLimit = 64

/** Renews the tokens of supervisors. */
export function sandboxTokenHandlers({ store, tokens }: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    issueSandboxToken: () => {
      // Only workload identities of a Kubernetes cluster trade theirs for a token, and this gateway knows none.
      throw permissionDenied('this principal cannot mint a sandbox token; use RefreshSandboxToken')
    },
    refreshSandboxToken: async ({ extensionServiceNames }, { principal }) => {
      if (!tokens) throw unavailable('sandbox token issuer is not configured')
      if (principal.type !== 'sandbox') throw permissionDenied('this method requires a sandbox principal')
      if (!store.sandboxes.get(principal.sandboxId)) throw notFound('sandbox not found')
      checkExtensionNames(extensionServiceNames)
      const expiresAtSeconds = tokens.expiryFrom(Math.floor(store.now() / 1000))
      return { token: await tokens.mint(principal.sandboxId), expiresAtMs: BigInt(expiresAtSeconds) * 1000n }
    },
  }
}

function checkExtensionNames(names: readonly string[]): void {
  if (names.length > extensionNameLimit) {
    throw invalidArgument(`extension_service_names exceeds maximum entries (${names.length} > ${extensionNameLimit})`)
  }
  if (names.includes('')) throw invalidArgument('extension_service_names must not contain empty names')
  if (new Set(names).size < names.length) throw invalidArgument('extension_service_names must not contain duplicates')
  // No policy of this gateway names an extension service.
  const [name] = names
  if (name !== undefined) throw permissionDenied(`extension service '${name}' is not part of the sandbox policy`)
}
