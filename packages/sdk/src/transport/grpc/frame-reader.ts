import { Code, ConnectError } from '@connectrpc/connect'

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

  /** Hands messages of at most so many bytes over. */
  constructor(maxBytes: number, take: (message: Uint8Array) => void) {
    this.#maxBytes = maxBytes
    this.#take = take
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
        if (this.#length === 0) this.#complete(chunk.subarray(at, at))
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

  #addBytes(bytes: Uint8Array): void {
    this.#pieces.push(bytes)
    this.#missing -= bytes.length
    if (this.#missing > 0) return
    const pieces = this.#pieces
    this.#pieces = []
    this.#complete(pieces.length === 1 ? bytes : plainBytes(Buffer.concat(pieces, this.#length)))
  }

  #complete(message: Uint8Array): void {
    this.#prefixBytes = 0
    this.#take(message)
  }
}

// The messages go to callers, whom a Buffer would surprise: its slice() copies nothing.
function plainBytes({ buffer, byteOffset, length }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length)
}
