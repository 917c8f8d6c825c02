import { OpenShellError } from '../errors/openshell-error.js'
import type { SandboxPhase } from '../model/sandbox-info.js'
import type { Gateway } from '../transport/gateway.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'
import { pollSandbox } from './poll-sandbox.js'
import type { WatchEvent } from './watch-event.js'
import { watchSandbox } from './watch-sandbox.js'

/** Follows a sandbox by a watch, and by polling on gateways whose watch cannot be used. `isLast` tells the phases to end at. */
export async function* observeSandbox(
  gateway: Gateway,
  address: SandboxAddress,
  signal: AbortSignal | undefined,
  isLast: (phase: SandboxPhase) => boolean,
): AsyncGenerator<WatchEvent, void, undefined> {
  try {
    yield* watchSandbox(gateway, address, { eventTail: 50, ...(signal ? { signal } : {}) }, isLast)
    return
  } catch (error) {
    if (!(error instanceof OpenShellError) || !isUnusable(error)) throw error
  }
  yield* pollSandbox(gateway, address, signal)
}

function isUnusable({ kind }: OpenShellError): boolean {
  return kind === 'unsupported' || kind === 'permission-denied' || kind === 'internal'
}
