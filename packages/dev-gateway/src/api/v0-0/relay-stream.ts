import { finished } from 'node:stream/promises'
import type { OpenShell, RelayFrame } from '@openshell-ts/protocol/v0-0'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { invalidArgument, permissionDenied } from '../../server/status-error.js'
import { RelayDuplex } from '../../sessions/relay-duplex.js'
import type { ApiContext } from './api-context.js'

/** Carries a relay's bytes between the gateway and a supervisor. */
export function relayStreamHandlers({ relays }: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    relayStream: async (frames, { principal, signal }, responses) => {
      const first = await frames.next()
      const channelId = first.done || first.value.payload.case !== 'init' ? '' : first.value.payload.value.channelId
      if (channelId === '') throw invalidArgument('first RelayFrame must be init with non-empty channel_id')
      if (principal.type !== 'sandbox') throw permissionDenied('this method requires a sandbox principal')
      const relay = new RelayDuplex((data) => responses.send({ payload: { case: 'data', value: data } }))
      // Its user may be gone before it is; a relay that breaks has nobody else to tell.
      relay.on('error', () => undefined)
      signal.addEventListener('abort', () => relay.destroy(), { once: true })
      relays.claim(channelId, principal.sandboxId, relay)
      // The supervisor moves no byte before it sees the headers.
      responses.open()
      void receive(frames, relay)
      await finished(relay, { readable: false }).catch(() => undefined)
      relay.receiveEnd()
    },
  }
}

async function receive(frames: AsyncIterator<RelayFrame>, relay: RelayDuplex): Promise<void> {
  try {
    for (let frame = await frames.next(); !frame.done; frame = await frames.next()) {
      if (frame.value.payload.case !== 'data') break
      await relay.receive(frame.value.payload.value)
    }
  } catch {
    // A broken stream ends the relay's input like a closed one.
  }
  relay.receiveEnd()
}
