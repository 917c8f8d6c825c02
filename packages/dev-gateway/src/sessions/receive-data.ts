import { status } from '@grpc/grpc-js'
import { StatusError } from '../errors/status-error.js'
import type { RelayDuplex } from './relay-duplex.js'

/** A frame of a relay or of a forward. */
interface DataFrame {
  readonly payload: { readonly case: string | undefined; readonly value?: unknown }
}

/**
 * Hands a stream's data frames to a relay; the stream's end, or a frame of another kind, is the end of its input. A frame that
 * cannot be read breaks the relay.
 */
export async function receiveData(frames: AsyncIterator<DataFrame>, relay: RelayDuplex): Promise<void> {
  try {
    for (let frame = await frames.next(); !frame.done; frame = await frames.next()) {
      const { payload } = frame.value
      if (payload.case !== 'data' || !(payload.value instanceof Uint8Array)) break
      await relay.receive(payload.value)
    }
  } catch (error) {
    // A stream that its peer breaks off ends the relay's input like a closed one.
    if (error instanceof StatusError && error.code !== status.CANCELLED) relay.destroy(error)
  }
  relay.receiveEnd()
}
