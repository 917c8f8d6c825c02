import type { CallOptions } from '@connectrpc/connect'
import { toCallOptions } from './call-options.js'
import type { ForwardEvent, ForwardTarget } from './forward-calls.js'
import type { WireCall } from './wire-call.js'

/** One frame; the same on both lines but for the first one of a caller. */
type Frame<Init> =
  | { readonly case: 'init'; readonly value: Init }
  | { readonly case: 'data'; readonly value: Uint8Array }
  | { readonly case: undefined }

/** Writes what a caller sends: where to first. */
export async function* toForwardFrames<Init>(
  init: Init,
  data: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ payload: Frame<Init> }> {
  yield { payload: { case: 'init', value: init } }
  for await (const value of data) yield { payload: { case: 'data', value } }
}

/** Reads what comes from the sandbox. The connection announces the end of it with a frame that holds nothing. */
export async function* toForwardEvents(
  frames: AsyncIterable<{ readonly payload: Frame<unknown> | { readonly case: undefined } }>,
): AsyncGenerator<ForwardEvent> {
  for await (const { payload } of frames) {
    if (payload.case === undefined) yield { type: 'end' }
    else if (payload.case === 'data' && payload.value.length > 0) yield { type: 'data', data: payload.value }
  }
}

type WireTarget =
  | { readonly case: 'ssh'; readonly value: Record<never, never> }
  | { readonly case: 'tcp'; readonly value: { readonly host: string; readonly port: number } }

/** Writes where a forward leads. */
export function toWireTarget(target: ForwardTarget): WireTarget {
  return target.type === 'ssh'
    ? { case: 'ssh', value: {} }
    : { case: 'tcp', value: { host: target.host, port: target.port } }
}

/** A gateway that refuses answers with the status alone, and without frames. */
export function toForwardOptions(call: WireCall, onAccepted: () => void): CallOptions {
  return {
    ...toCallOptions(call),
    onHeader: (header) => {
      if (!header.has('grpc-status')) onAccepted()
    },
  }
}
