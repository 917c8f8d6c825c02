import type { Http2Stream } from 'node:http2'
import type { Writable } from 'node:stream'
import { callCancelled } from '../errors/status-error.js'
import type { RawCall } from './raw-call.js'

const prefixBytes = 5
// A message of less becomes one piece of memory; more is not worth the copy.
const copiedBytes = 4_096

/** Sends encoded messages to a caller. */
export interface ResponseFrames {
  /** Sends a message that comes in parts. Resolves when the transport takes more; rejects with CANCELLED when the caller is gone. */
  send(parts: readonly Buffer[]): Promise<void>
}

/** What grpc-js keeps behind a call. */
interface CallInside {
  readonly stream: Http2Stream & Writable
}

/**
 * What sends a call's messages, once its headers are sent. `signal` aborts when the caller is gone.
 *
 * This writes beside grpc-js, which would copy each message into a frame, and sends one after the other. Where the inside of grpc-js
 * looks different, it sends them.
 */
export function responseFrames(call: RawCall, signal: AbortSignal): ResponseFrames {
  const inside: unknown = Reflect.get(call, 'call')
  if (!isCallInside(inside)) {
    const drained = new Drained(call, signal)
    return { send: async (parts) => (call.write(Buffer.concat(parts)) ? undefined : drained.wait()) }
  }
  const { stream } = inside
  const drained = new Drained(stream, signal)
  return {
    async send(parts) {
      if (stream.destroyed || stream.closed) throw callCancelled()
      if (!writeFrame(stream, parts)) await drained.wait()
    },
  }
}

/** How many bytes there are. */
export function totalLength(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0)
}

function writeFrame(stream: Writable, parts: readonly Buffer[]): boolean {
  const lengthBytes = totalLength(parts)
  const prefix = Buffer.alloc(prefixBytes)
  prefix.writeUInt32BE(lengthBytes, 1)
  if (lengthBytes <= copiedBytes) return stream.write(Buffer.concat([prefix, ...parts]))
  stream.cork()
  stream.write(prefix)
  let takesMore = true
  for (const part of parts) takesMore = stream.write(part)
  stream.uncork()
  return takesMore
}

/** Waits until a stream takes more. Senders that do not wait for each other share one wait. */
class Drained {
  readonly #stream: Writable
  readonly #signal: AbortSignal
  #waiting: Promise<void> | undefined

  constructor(stream: Writable, signal: AbortSignal) {
    this.#stream = stream
    this.#signal = signal
  }

  wait(): Promise<void> {
    this.#waiting ??= this.#begin().finally(() => {
      this.#waiting = undefined
    })
    return this.#waiting
  }

  #begin(): Promise<void> {
    const [stream, signal] = [this.#stream, this.#signal]
    return new Promise((resolve, reject) => {
      const settle = () => {
        stream.off('drain', settle)
        signal.removeEventListener('abort', settle)
        if (signal.aborted) reject(callCancelled())
        else resolve()
      }
      stream.once('drain', settle)
      signal.addEventListener('abort', settle, { once: true })
    })
  }
}

function isCallInside(value: unknown): value is CallInside {
  if (typeof value !== 'object' || value === null) return false
  const stream: unknown = Reflect.get(value, 'stream')
  return typeof stream === 'object' && stream !== null && typeof Reflect.get(stream, 'cork') === 'function'
}
