import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf'
import { writeFrame } from './message-frame.js'

/** What a caller sends: all of it at once, or message by message, encoded. */
export type RequestBody = Uint8Array | AsyncIterator<Uint8Array, undefined>

/** Encodes messages as they are asked for. */
export function encodeEach<I extends DescMessage>(
  schema: I,
  input: AsyncIterable<MessageInitShape<I>>,
  maxBytes: number,
): AsyncIterator<Uint8Array, undefined> {
  const messages = input[Symbol.asyncIterator]()
  const encode = (result: IteratorResult<MessageInitShape<I>>): IteratorResult<Uint8Array, undefined> =>
    result.done ? { done: true, value: undefined } : { done: false, value: writeFrame(schema, result.value, maxBytes) }
  const ended = { done: true, value: undefined } as const
  return {
    next: () => messages.next().then(encode),
    throw: async (reason) => {
      await messages.throw?.(reason)
      return ended
    },
    return: async () => {
      await messages.return?.()
      return ended
    },
  }
}

/** Encodes every message of a caller that sends no more once it is answered. */
export async function encodeAll<I extends DescMessage>(
  schema: I,
  input: AsyncIterable<MessageInitShape<I>>,
  maxBytes: number,
): Promise<Uint8Array> {
  const frames: Uint8Array[] = []
  for await (const message of input) frames.push(writeFrame(schema, message, maxBytes))
  const [only] = frames
  return only && frames.length === 1 ? only : Buffer.concat(frames)
}
