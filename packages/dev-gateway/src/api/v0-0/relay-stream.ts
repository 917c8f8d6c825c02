import { finished } from 'node:stream/promises'
import type { OpenShell, RelayFrame } from '@openshell-ts/protocol/v0-0'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { invalidArgument, permissionDenied, StatusError } from '../../server/status-error.js'
import { RelayDuplex } from '../../sessions/relay-duplex.js'
import type { ApiContext } from '../api-context.js'
import { receiveData } from './receive-data.js'

/** Carries a relay's bytes between the gateway and a supervisor. */
export function relayStreamHandlers({ relays, relayHalfOpenMs }: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    relayStream: async (frames, { principal, signal, keepRequestsReadable }, responses) => {
      const first = await frames.next()
      const channelId = first.done || first.value.payload.case !== 'init' ? '' : first.value.payload.value.channelId
      if (channelId === '') throw invalidArgument('first RelayFrame must be init with non-empty channel_id')
      if (principal.type !== 'sandbox') throw permissionDenied('this method requires a sandbox principal')
      const relay = new RelayDuplex({
        send: (data) => responses.send({ payload: { case: 'data', value: data } }),
        halfOpenTimeoutMs: relayHalfOpenMs,
      })
      // Its user may be gone before it is; a relay that breaks has nobody else to tell.
      relay.on('error', () => undefined)
      signal.addEventListener('abort', () => relay.destroy(), { once: true })
      relays.claim(channelId, principal.sandboxId, relay)
      // The supervisor moves no byte before it sees the headers.
      responses.open()
      // The end of what the gateway sends ends the answer; the supervisor may go on sending.
      relay.once('close', keepRequestsReadable())
      void receiveData(frames as AsyncIterator<RelayFrame>, relay)
      await finished(relay, { readable: false }).catch(() => undefined)
      if (relay.errored instanceof StatusError) throw relay.errored
    },
  }
}
