import { OpenShellError } from '../errors/openshell-error.js'
import type { SandboxInfo } from '../model/sandbox-info.js'
import type { Gateway } from '../transport/gateway.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'

/** What became of a sandbox: it is there, it is gone (perhaps another one has its name), or nobody answered. */
export type SandboxFate =
  | { readonly type: 'present'; readonly info: SandboxInfo }
  | { readonly type: 'gone'; readonly replacedBy?: string }
  | { readonly type: 'unreachable'; readonly error: OpenShellError }

/** Looks a sandbox up by name and compares its id. */
export async function findFate(
  gateway: Gateway,
  { workspace, name, id }: SandboxAddress,
  signal: AbortSignal | undefined,
): Promise<SandboxFate> {
  const scope = { rpc: 'GetSandbox', sandboxName: name, signal }
  try {
    const info = await gateway.read(scope, (codec, call) => codec.sandboxes.get(workspace, name, call))
    return info.id === id ? { type: 'present', info } : { type: 'gone', replacedBy: info.id }
  } catch (error) {
    if (!(error instanceof OpenShellError)) throw error
    if (error.kind === 'not-found') return { type: 'gone' }
    if (error.retryable && !signal?.aborted) return { type: 'unreachable', error }
    throw error
  }
}
