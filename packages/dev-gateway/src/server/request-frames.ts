import type { Http2Stream } from 'node:http2'
import type { Readable } from 'node:stream'
import { status } from '@grpc/grpc-js'
import { callCancelled, StatusError } from '../errors/status-error.js'
import { messageLimitBytes, messageTooLarge } from './decode-message.js'
import type { RawCall } from './raw-call.js'

const prefixBytes = 5
// How much may wait for its reader.
const readAheadBytes = 256 * 1024

/** What grpc-js keeps behind a call: the HTTP/2 stream, and what it does with each piece that comes and with the end. */
interface CallInside {
  readonly stream: Http2Stream & Pick<Readable, 'pause' | 'resume' | 'readableEnded'>
  readonly incomingEncoding: string
  handleDataFrame(data: Buffer): void
  handleEndEvent(): void
}

/**
 * The encoded messages of a caller, one by one. `signal` aborts when the caller is gone.
 *
 * This takes the bytes over before grpc-js makes messages of them: with less work for each, a message that is too large is refused
 * by its announced size, and a compressed one as the real gateway does. Where the inside of grpc-js looks different, its messages
 * are those that come, and its refusals.
 */
export function requestFrames(call: RawCall, signal: AbortSignal): AsyncIterator<Uint8Array, undefined> {
  const inside: unknown = Reflect.get(call, 'call')
  if (isCallInside(inside)) return new RequestFrames(inside, signal)
  // Leaving the iteration early must not destroy the call: the answer still has to be written.
  return call.iterator({ destroyOnReturn: false })
}

class RequestFrames implements AsyncIterator<Uint8Array, undefined> {
  readonly #inside: CallInside
  readonly #signal: AbortSignal
  readonly #messages: Uint8Array[] = []
  #waitingBytes = 0
  #pieces: Buffer[] = []
  #pieceBytes = 0
  #ended: boolean
  #refusal: StatusError | undefined
  #wake: (() => void) | undefined

  constructor(inside: CallInside, signal: AbortSignal) {
    this.#inside = inside
    this.#signal = signal
    // Nothing but an end can have come: until now the stream has been paused.
    this.#ended = inside.stream.readableEnded
    inside.handleDataFrame = (data) => this.#receive(data)
    inside.handleEndEvent = () => {
      this.#ended = true
      this.#wake?.()
    }
    signal.addEventListener('abort', () => this.#wake?.(), { once: true })
  }

  /** @throws StatusError CANCELLED when the caller is gone, OUT_OF_RANGE and others for what is no message of gRPC. */
  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const value = this.#messages.shift()
      if (value) {
        this.#waitingBytes -= prefixBytes + value.length
        return { done: false, value }
      }
      if (this.#refusal) throw this.#refusal
      if (this.#ended) return { done: true, value: undefined }
      if (this.#signal.aborted) throw callCancelled()
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        this.#inside.stream.resume()
      })
    }
  }

  #receive(data: Buffer): void {
    // What still comes after that is dropped.
    if (this.#refusal || this.#signal.aborted) return
    this.#pieces.push(data)
    this.#pieceBytes += data.length
    try {
      this.#takeMessages()
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      this.#refusal = error
    }
    if (this.#waitingBytes > readAheadBytes) this.#inside.stream.pause()
    if (this.#messages.length > 0 || this.#refusal) this.#wake?.()
  }

  #takeMessages(): void {
    for (;;) {
      const [first] = this.#pieces
      if (!first || this.#pieceBytes < prefixBytes) return
      const prefix = first.length < prefixBytes ? this.#join() : first
      const size = prefix.readUInt32BE(1)
      if (size > messageLimitBytes) throw messageTooLarge(size)
      if (prefix[0] !== 0) throw compressed(this.#inside.incomingEncoding)
      const end = prefixBytes + size
      if (this.#pieceBytes < end) return
      const bytes = first.length < end ? this.#join() : first
      this.#messages.push(bytes.subarray(prefixBytes, end))
      // Empty messages take room too.
      this.#waitingBytes += end
      this.#pieceBytes -= end
      if (bytes.length === end) this.#pieces.shift()
      else this.#pieces[0] = bytes.subarray(end)
    }
  }

  /** Makes one piece of all. */
  #join(): Buffer {
    const all = Buffer.concat(this.#pieces, this.#pieceBytes)
    this.#pieces = [all]
    return all
  }
}

function compressed(encoding: string): StatusError {
  if (encoding === 'identity') {
    const text = 'protocol error: received message with compressed-flag but no grpc-encoding was specified'
    return new StatusError(status.INTERNAL, text)
  }
  return new StatusError(status.UNIMPLEMENTED, `Content is compressed with \`${encoding}\` which isn't supported`)
}

function isCallInside(value: unknown): value is CallInside {
  if (typeof value !== 'object' || value === null) return false
  const stream: unknown = Reflect.get(value, 'stream')
  if (typeof stream !== 'object' || stream === null || typeof Reflect.get(stream, 'resume') !== 'function') return false
  if (typeof Reflect.get(value, 'incomingEncoding') !== 'string') return false
  return ['handleDataFrame', 'handleEndEvent'].every((name) => typeof Reflect.get(value, name) === 'function')
}
