/** How many bytes one received message may have: what gRPC peers accept by default. */
const MESSAGE_LIMIT_BYTES = 4 * 1024 * 1024

const PREFIX_BYTES = 5

/** What gRPC puts before a message of so many bytes: not compressed, and the length. */
export function grpcPrefix(lengthBytes: number): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES)
  prefix.writeUInt32BE(lengthBytes, 1)
  return prefix
}

/** Takes a gRPC stream's bytes apart into messages. */
export class GrpcFrameReader {
  #rest: Buffer = Buffer.alloc(0)

  /**
   * The messages that are complete with these bytes; they share memory with them.
   *
   * @throws Error for a compressed message, which nobody asked for, and for one of more than 4 MiB.
   */
  read(bytes: Buffer): readonly Buffer[] {
    const messages: Buffer[] = []
    let unread = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    while (unread.length >= PREFIX_BYTES) {
      if (unread.readUInt8(0) !== 0) throw new Error('The gateway sent a compressed relay frame.')
      const length = unread.readUInt32BE(1)
      if (length > MESSAGE_LIMIT_BYTES) {
        throw new Error(`The gateway sent a relay frame of ${length} bytes; at most ${MESSAGE_LIMIT_BYTES} are read.`)
      }
      if (unread.length < PREFIX_BYTES + length) break
      messages.push(unread.subarray(PREFIX_BYTES, PREFIX_BYTES + length))
      unread = unread.subarray(PREFIX_BYTES + length)
    }
    this.#rest = unread
    return messages
  }
}
