import { findFate } from '../calls/find-fate.js'
import type { Gateway } from '../transport/gateway.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'
import type { WatchEvent } from './watch-event.js'

const MIN_DELAY_MS = 250
const MAX_DELAY_MS = 2_000

/** Follows a sandbox's state by asking again and again, where a watch is not to be had. */
export async function* pollSandbox(
  gateway: Gateway,
  address: SandboxAddress,
  signal: AbortSignal | undefined,
): AsyncGenerator<WatchEvent, void, undefined> {
  const scope = { rpc: 'GetSandbox', sandboxName: address.name, signal }
  for (;;) {
    const fate = await findFate(gateway, address, signal)
    if (fate.type === 'gone') {
      yield fate.replacedBy === undefined ? { type: 'deleted' } : { type: 'deleted', replacedBy: fate.replacedBy }
      return
    }
    if (fate.type === 'present') yield { type: 'status', info: fate.info }
    await gateway.pause(MIN_DELAY_MS + Math.random() * (MAX_DELAY_MS - MIN_DELAY_MS), scope)
  }
}
