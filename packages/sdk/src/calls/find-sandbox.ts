import { isAbsence } from '../errors/absence.js'
import { restateError, textOf } from '../errors/restate-error.js'
import { withoutFullStop } from '../errors/without-full-stop.js'
import type { SandboxInfo } from '../model/sandbox-info.js'
import type { ClientContext } from './client-context.js'

/** Finds a sandbox by name. Throws kind `not-found`, with what is known of an earlier create of the name. */
export async function findSandbox(
  { gateway, failedCreates }: ClientContext,
  workspace: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<SandboxInfo> {
  const scope = { rpc: 'GetSandbox', sandboxName: name, signal }
  try {
    return await gateway.read(scope, (codec, call) => codec.sandboxes.get(workspace, name, call))
  } catch (error) {
    if (!isAbsence(error)) throw error
    throw restateError(error, {
      message: `${withoutFullStop(textOf(error))} (sandbox "${name}" in workspace "${workspace}")`,
      hint: failedCreates.hintFor(workspace, name) ?? error.hint,
    })
  }
}
