import { Code, ConnectError } from '@connectrpc/connect'
import { BytesOutlet } from './bytes-outlet.js'
import type { BytesSink, BytesSinks } from './bytes-sink.js'

const PREFIX_BYTES = 5

/**
 * Cuts what a stream brings into messages. A message that came in one piece is a view of it; one that came in several is put together
 * once, when all of it is there.
 */
export class FrameReader {
  readonly #maxBytes: number
  readonly #take: (message: Uint8Array) => void
  readonly #prefix = new Uint8Array(PREFIX_BYTES)
  #prefixBytes = 0
  #length = 0
  #missing = 0
  #pieces: Uint8Array[] = []
  #outlet: BytesOutlet | undefined
  #sink: BytesSink | undefined

  /** Hands messages of at most so many bytes over, except for those whose bytes go to a sink: the first of them alone, without its bytes. */
  constructor(maxBytes: number, take: (message: Uint8Array) => void, sinks?: BytesSinks) {
    this.#maxBytes = maxBytes
    this.#take = take
    this.#outlet = sinks && new BytesOutlet(sinks)
  }

  /** True when the last message is not complete. */
  get isInside(): boolean {
    return this.#prefixBytes > 0
  }

  /** Reads on. Throws for a message that is too large, before anything of it is kept, and for one that is compressed. */
  add(bytes: Uint8Array): void {
    const chunk = plainBytes(bytes)
    let at = 0
    while (at < chunk.length) {
      if (this.#prefixBytes < PREFIX_BYTES) {
        at = this.#addPrefix(chunk, at)
        if (this.#prefixBytes < PREFIX_BYTES) return
        at += this.#begin(chunk.subarray(at))
        continue
      }
      const end = Math.min(chunk.length, at + this.#missing)
      this.#addBytes(chunk.subarray(at, end))
      at = end
    }
  }

  #addPrefix(chunk: Uint8Array, start: number): number {
    let at = start
    while (at < chunk.length && this.#prefixBytes < PREFIX_BYTES) {
      this.#prefix[this.#prefixBytes] = chunk[at] ?? 0
      this.#prefixBytes += 1
      at += 1
    }
    if (this.#prefixBytes === PREFIX_BYTES) this.#readPrefix()
    return at
  }

  #readPrefix(): void {
    const [flags = 0, a = 0, b = 0, c = 0, d = 0] = this.#prefix
    if (flags !== 0) {
      throw new ConnectError(
        `received a message with flags 0x${flags.toString(16)}, and compression is off`,
        Code.Internal,
      )
    }
    const length = a * 0x1000000 + ((b << 16) | (c << 8) | d)
    if (length > this.#maxBytes) {
      const text = `message size ${length} is larger than configured readMaxBytes ${this.#maxBytes}`
      throw new ConnectError(text, Code.ResourceExhausted)
    }
    this.#length = length
    this.#missing = length
  }

  // How much of the message that has read.
  #begin(start: Uint8Array): number {
    const headBytes = this.#divert(start)
    this.#missing -= headBytes
    if (this.#missing === 0) this.#complete()
    return headBytes
  }

  #addBytes(bytes: Uint8Array): void {
    if (this.#sink) this.#sink.add(bytes)
    else this.#pieces.push(bytes)
    this.#missing -= bytes.length
    if (this.#missing === 0) this.#complete()
  }

  #complete(): void {
    this.#prefixBytes = 0
    if (this.#sink) this.#sink = undefined
    else this.#completeWhole()
  }

  #completeWhole(): void {
    const [first = new Uint8Array(), ...others] = this.#pieces
    this.#pieces = []
    const message = others.length === 0 ? first : plainBytes(Buffer.concat([first, ...others], this.#length))
    const headBytes = this.#divert(message)
    if (this.#sink) {
      this.#sink.add(message.subarray(headBytes))
      this.#sink = undefined
      return
    }
    // Bytes that follow must not come before what this message holds.
    this.#outlet = undefined
    this.#take(message)
  }

  // How much of the message comes before the bytes for a sink; 0 when they go to none.
  #divert(start: Uint8Array): number {
    const diverted = this.#outlet?.divert(start, this.#length)
    if (!diverted) return 0
    this.#sink = diverted.sink
    if (diverted.emptied) this.#take(diverted.emptied)
    return diverted.headBytes
  }
}

// The messages go to callers, whom a Buffer would surprise: its slice() copies nothing.
function plainBytes({ buffer, byteOffset, length }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length)
}
