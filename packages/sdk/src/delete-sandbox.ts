import { findFate } from './calls/find-fate.js'
import { leavesOutcomeOpen } from './errors/leaves-outcome-open.js'
import { OpenShellError } from './errors/openshell-error.js'
import { restateError } from './errors/restate-error.js'
import type { DeleteResult } from './model/delete-result.js'
import type { Gateway } from './transport/gateway.js'
import type { SandboxAddress } from './wire/sandbox-address.js'

const LOOKS_FIRST = { retryable: true, hint: 'Ask for the deletion again: it looks first at what became of this one.' }

/**
 * Asks for the deletion of this one sandbox. The wire deletes by name, so that the id is compared first; and again after an answer
 * that leaves open what happened, before the deletion is asked for once more.
 */
export async function deleteSandbox(
  gateway: Gateway,
  { workspace, name, id }: SandboxAddress,
  { signal, requestId }: { readonly signal?: AbortSignal | undefined; readonly requestId?: string | undefined },
): Promise<DeleteResult> {
  const address = { workspace, name, id }
  const scope = { rpc: 'DeleteSandbox', sandboxName: name, signal, requestId }
  for (let attempt = 1; ; attempt += 1) {
    const asked = attempt > 1
    const fate = await findFate(gateway, address, signal)
    if (fate.type === 'gone') return asked ? { outcome: 'completed', sandboxId: id } : { outcome: 'absent' }
    if (asked && fate.type === 'present' && fate.info.phase === 'deleting')
      return { outcome: 'accepted', sandboxId: id }
    try {
      return await gateway.mutate(scope, (codec, call) => codec.sandboxes.delete(address, call))
    } catch (error) {
      if (!(error instanceof OpenShellError)) throw error
      if (error.kind === 'not-found') return asked ? { outcome: 'completed', sandboxId: id } : { outcome: 'absent' }
      const open = leavesOutcomeOpen(error)
      const mayAsk = error.kind === 'conflict' || open
      if (!mayAsk || !(await gateway.backOff(error, attempt, scope))) {
        throw restateError(error, { attempts: Math.max(attempt, error.attempts), ...(open ? LOOKS_FIRST : {}) })
      }
    }
  }
}
