import type { DeleteResult } from './delete-result.js'
import { OpenShellError } from './errors.js'
import type { RequestOptions } from './request-options.js'
import type { Gateway } from './transport/gateway.js'
import { findFate } from './watch/find-fate.js'
import type { SandboxAddress } from './wire/sandbox-address.js'

/** Asks for the deletion of this one sandbox. The wire deletes by name, so that the id is compared first. */
export async function deleteSandbox(
  gateway: Gateway,
  { workspace, name, id }: SandboxAddress,
  { signal }: RequestOptions,
): Promise<DeleteResult> {
  const address = { workspace, name, id }
  const fate = await findFate(gateway, address, signal)
  if (fate.type === 'gone') return { outcome: 'absent' }
  const scope = { rpc: 'DeleteSandbox', sandboxName: name, signal }
  try {
    return await gateway.mutate(scope, (codec, call) => codec.sandboxes.delete(address, call))
  } catch (error) {
    if (error instanceof OpenShellError && error.kind === 'not-found') return { outcome: 'absent' }
    throw error
  }
}
