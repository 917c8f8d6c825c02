import type { Http2Stream } from 'node:http2'
import { constants } from 'node:http2'
import { status } from '@grpc/grpc-js'
import type { RawCall } from './raw-call.js'

// How often to look whether a call's status has left.
const statusCheckMs = 10

/** What grpc-js keeps behind a call: the HTTP/2 stream, and how it takes a call for over. */
interface CallInside {
  readonly stream: Http2Stream & { readonly readableEnded: boolean; readonly writableEnded: boolean }
  notifyOnCancel(): void
  checkCancelled(): boolean
  sendStatus(status: { readonly code: number }): void
}

/**
 * Keeps a call's request side readable after its answer has ended, as gRPC allows and grpc-js does not: it takes a call for
 * over once it has sent the status. Returns what ends such a call early, behind all that was sent.
 *
 * This reaches into grpc-js. Where its inside looks different, nothing changes, and the end of the answer ends the call.
 */
export function keepRequestsReadable(call: RawCall): () => void {
  const inside: unknown = Reflect.get(call, 'call')
  if (!isCallInside(inside)) return () => undefined
  const { stream } = inside
  const notify = inside.notifyOnCancel.bind(inside)
  const check = inside.checkCancelled.bind(inside)
  const send = inside.sendStatus.bind(inside)
  // An error, such as grpc-js's own for a message that it cannot read, ends both sides.
  let failed = false
  inside.sendStatus = (sent) => {
    failed ||= sent.code !== status.OK
    send(sent)
  }
  // Both sides ended in order: what was received and not read yet is still good. A caller that cancels ends its side first. A
  // connection that is cut ends both sides too, without an error's code, but before the answer was over.
  const complete = () =>
    stream.readableEnded && stream.writableEnded && !stream.aborted && stream.rstCode === constants.NGHTTP2_NO_ERROR
  inside.notifyOnCancel = () => {
    if (failed || ((stream.closed || stream.destroyed) && !complete())) notify()
  }
  inside.checkCancelled = () => !complete() && check()
  return () => {
    if (complete()) return
    // What nobody reads any more must not take the connection's window from the other calls.
    stream.removeAllListeners('data').resume()
    endBehindStatus(stream)
  }
}

// A reset overtakes what is queued: the status must have left before it.
function endBehindStatus(stream: Http2Stream): void {
  if (stream.closed || stream.destroyed) return
  if (stream.state.localClose === 1) stream.close(constants.NGHTTP2_NO_ERROR)
  else setTimeout(endBehindStatus, statusCheckMs, stream).unref()
}

function isCallInside(value: unknown): value is CallInside {
  if (typeof value !== 'object' || value === null) return false
  const stream: unknown = Reflect.get(value, 'stream')
  if (typeof stream !== 'object' || stream === null || typeof Reflect.get(stream, 'close') !== 'function') return false
  return ['notifyOnCancel', 'checkCancelled', 'sendStatus'].every(
    (name) => typeof Reflect.get(value, name) === 'function',
  )
}
