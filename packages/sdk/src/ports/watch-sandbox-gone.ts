import { OpenShellError } from '../errors/openshell-error.js'
import type { SandboxPhase } from '../model/sandbox-info.js'
import type { Gateway } from '../transport/gateway.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'

const PROBE_EVERY_MS = 2_000

/** Phases that no connection gets out of by itself. */
const ENDED: ReadonlySet<SandboxPhase> = new Set(['error', 'deleting', 'stopping', 'stopped'])

/** Looks after the sandbox until it is gone or stopped, and says so. Undefined when the signal aborts or the client closes. */
export async function watchSandboxGone(
  gateway: Gateway,
  { workspace, name, id }: SandboxAddress,
  signal: AbortSignal,
): Promise<OpenShellError | undefined> {
  const scope = { rpc: 'GetSandbox', sandboxName: name, signal }
  for (;;) {
    try {
      await gateway.pause(PROBE_EVERY_MS, scope)
      const info = await gateway.read(scope, (codec, call) => codec.sandboxes.get(workspace, name, call))
      if (info.id !== id) return ended(name, 'it is gone, and another sandbox has its name')
      if (ENDED.has(info.phase)) return ended(name, `its phase is ${info.phase}`)
    } catch (error) {
      if (!(error instanceof OpenShellError)) throw error
      if (error.kind === 'aborted') return undefined
      // A gateway that is away for a moment is no reason to close.
      if (gateway.isOver || error.kind === 'not-found' || error.kind === 'failed-precondition') return error
    }
  }
}

function ended(sandboxName: string, why: string): OpenShellError {
  return new OpenShellError({
    kind: 'failed-precondition',
    message: `The forward into sandbox "${sandboxName}" was closed: ${why}.`,
    sandboxName,
  })
}
