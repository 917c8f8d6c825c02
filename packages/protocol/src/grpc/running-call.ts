import type { Metadata } from '@grpc/grpc-js'
import type { GrpcCallOptions } from './call-options.js'

/** The part of a grpc-js call that all four shapes share. */
export interface RunningCall {
  cancel(): void
  once(event: 'metadata', listener: (headers: Metadata) => void): unknown
  once(event: 'status' | 'close', listener: () => void): unknown
  on(event: 'error', listener: () => void): unknown
}

/** Applies signal and `onHeaders` to a call that was just started. The signal is let go when the call has ended. */
export function applyCallOptions(call: RunningCall, { signal, onHeaders }: GrpcCallOptions): void {
  if (onHeaders) call.once('metadata', onHeaders)
  if (!signal || signal.aborted) return
  const cancel = () => call.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  call.once('status', () => signal.removeEventListener('abort', cancel))
}

/**
 * Cancels a streaming call when its stream is destroyed: grpc-js leaves such a call running, and a loop that a consumer
 * breaks out of destroys its stream.
 */
export function cancelOnDestroy<Call extends RunningCall>(call: Call): Call {
  call.once('close', () => {
    // The cancelled status is emitted as an error, which nobody waits for after the end of the stream.
    call.on('error', () => {})
    call.cancel()
  })
  return call
}
