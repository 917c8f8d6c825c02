import { finished } from 'node:stream/promises'
import { invalidArgument, permissionDenied, StatusError } from '../errors/status-error.js'
import type { CallContext, ResponseStream } from '../server/method-handlers.js'
import { receiveData } from './receive-data.js'
import type { RelayBroker } from './relay-broker.js'
import { RelayDuplex } from './relay-duplex.js'

/** What relays are served with. */
export interface RelayParts {
  readonly relays: RelayBroker
  /** How long nothing may move on a relay one of whose sides has ended, in milliseconds. */
  readonly relayHalfOpenMs: number
}

/** What a supervisor sends on a relay; the same on both lines of the wire. */
export interface RelayWord {
  readonly payload:
    | { readonly case: 'init'; readonly value: { readonly channelId: string } }
    | { readonly case: 'data'; readonly value: Uint8Array }
    | { readonly case: undefined }
}

/** What the gateway sends on a relay. */
export interface RelayData {
  readonly payload: { readonly case: 'data'; readonly value: Uint8Array }
}

/** Carries a relay's bytes between the gateway and a supervisor, until both are done. */
export async function serveRelay(
  { relays, relayHalfOpenMs }: RelayParts,
  frames: AsyncIterator<RelayWord>,
  { principal, signal, keepRequestsReadable }: CallContext,
  responses: ResponseStream<RelayData>,
): Promise<void> {
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
  void receiveData(frames, relay)
  await finished(relay, { readable: false }).catch(() => undefined)
  if (relay.errored instanceof StatusError) throw relay.errored
}
