import { createContextKey } from '@connectrpc/connect'

/** Takes bytes in the order in which they arrive. They are views of what the connection has read, which whoever keeps them keeps whole. */
export interface BytesSink {
  add(bytes: Uint8Array): void
}

/** Who takes the bytes of a reply, by the number of the field whose message holds them. */
export type BytesSinks = ReadonlyMap<number, BytesSink>

/**
 * For a reply whose messages hold a field with a message that holds bytes as its first field, and nothing else: hands the bytes over
 * as they arrive, without putting the messages together. Only the first of these messages is read, as soon as it begins and without its
 * bytes. The first message of another form ends this: it and all that follow are read with everything they hold.
 */
export const BYTES_SINKS = createContextKey<BytesSinks | undefined>(undefined, { description: 'who takes the bytes' })
