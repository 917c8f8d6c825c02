import { status } from '@grpc/grpc-js'
import { StatusError } from '../errors/status-error.js'
import type { CallContext, ResponseStream } from '../server/method-handlers.js'
import type { RelayBroker, RelayTarget } from './relay-broker.js'
import type { RelayDuplex } from './relay-duplex.js'
import type { SshSessions } from './ssh-sessions.js'

/** What a forward's stream carries after its first frame; the same on both lines of the wire. */
export interface ForwardFrame {
  readonly payload: { readonly case: string | undefined; readonly value?: unknown }
}

/** What a forward's answer carries. */
export interface ForwardData {
  readonly payload: { readonly case: 'data'; readonly value: Uint8Array }
}

/** Where a forward leads, and who asks for it. */
export interface ForwardRequest {
  readonly sandboxId: string
  readonly target: RelayTarget
  readonly serviceId: string
  /** The token of an SSH session of the sandbox. */
  readonly token: string
}

/** What forwards are opened with. */
export interface ForwardParts {
  readonly relays: RelayBroker
  readonly sshSessions: SshSessions
}

/** Carries a connection between a client's stream and a sandbox. Resolves when the sandbox sends no more. */
export async function serveForward(
  { relays, sshSessions }: ForwardParts,
  { sandboxId, target, serviceId, token }: ForwardRequest,
  frames: AsyncIterator<ForwardFrame>,
  call: CallContext,
  responses: ResponseStream<ForwardData>,
): Promise<void> {
  const close = sshSessions.openForward(token.trim(), sandboxId)
  let relay: RelayDuplex
  try {
    // Clients move no byte before they see the headers.
    responses.open()
    relay = await relays.open(sandboxId, target, serviceId)
  } catch (error) {
    close()
    throw error
  }
  relay.once('close', close)
  await bridge(frames, relay, call, responses)
}

// When the sandbox sends no more, the client may still go on.
async function bridge(
  frames: AsyncIterator<ForwardFrame>,
  relay: RelayDuplex,
  { signal, keepRequestsReadable }: CallContext,
  responses: ResponseStream<ForwardData>,
): Promise<void> {
  if (signal.aborted) relay.destroy()
  signal.addEventListener('abort', () => relay.destroy(), { once: true })
  relay.once('close', keepRequestsReadable())
  void toSandbox(frames, relay)
  try {
    for await (const data of relay.iterator({ destroyOnReturn: false })) {
      await responses.send({ payload: { case: 'data', value: data as Uint8Array } })
    }
  } catch {
    // A relay that breaks ends the answer like one that ends; a caller that is gone hears nothing at all.
  }
  if (relay.errored instanceof StatusError) throw relay.errored
}

async function toSandbox(frames: AsyncIterator<ForwardFrame>, relay: RelayDuplex): Promise<void> {
  try {
    for (let frame = await frames.next(); !frame.done; frame = await frames.next()) {
      const { payload } = frame.value
      if (payload.case !== 'data' || !(payload.value instanceof Uint8Array) || relay.destroyed) break
      if (payload.value.length > 0) await write(relay, payload.value)
    }
    relay.end()
  } catch (error) {
    // The caller hears which frame of its own could not be read.
    relay.destroy(error instanceof StatusError && error.code !== status.CANCELLED ? error : undefined)
  }
}

function write(relay: RelayDuplex, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    relay.write(bytes, (error) => (error ? reject(error) : resolve()))
  })
}
