import type { MessageInitShape } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import type { OpenShell, TcpForwardFrame, TcpForwardFrameSchema, TcpForwardInit } from '@openshell-ts/protocol/v0-0'
import type { CallContext, MethodHandlers, ResponseStream } from '../../server/method-handlers.js'
import { invalidArgument, StatusError } from '../../server/status-error.js'
import { forwardTarget } from '../../sessions/forward-target.js'
import type { RelayDuplex } from '../../sessions/relay-duplex.js'
import type { ApiContext } from '../api-context.js'
import { requireReady } from './ssh-sessions.js'

type Responses = ResponseStream<MessageInitShape<typeof TcpForwardFrameSchema>>

/** Carries a TCP or SSH connection between a client and a sandbox. */
export function forwardTcpHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    forwardTcp: async (frames, call, responses) => {
      const init = await readInit(frames)
      if (init.sandboxId === '') throw invalidArgument('sandbox_id is required')
      const target = forwardTarget(init.target)
      const { id } = requireReady(context, init.sandboxId)
      const close = context.sshSessions.openForward(init.authorizationToken.trim(), id)
      let relay: RelayDuplex
      try {
        // Clients move no byte before they see the headers.
        responses.open()
        relay = await context.relays.open(id, target, init.serviceId)
      } catch (error) {
        close()
        throw error
      }
      relay.once('close', close)
      await bridge(frames, relay, call, responses)
    },
  }
}

async function readInit(frames: AsyncIterator<TcpForwardFrame>): Promise<TcpForwardInit> {
  const first = await frames.next()
  if (first.done) throw invalidArgument('empty ForwardTcp stream')
  if (first.value.payload.case !== 'init') throw invalidArgument('first TcpForwardFrame must be init')
  return first.value.payload.value
}

/** Joins a client's stream with a relay. Resolves when the sandbox sends no more; the client may go on then. */
async function bridge(
  frames: AsyncIterator<TcpForwardFrame>,
  relay: RelayDuplex,
  { signal, keepRequestsReadable }: CallContext,
  responses: Responses,
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

async function toSandbox(frames: AsyncIterator<TcpForwardFrame>, relay: RelayDuplex): Promise<void> {
  try {
    for (let frame = await frames.next(); !frame.done; frame = await frames.next()) {
      const { payload } = frame.value
      if (payload.case !== 'data' || relay.destroyed) break
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
