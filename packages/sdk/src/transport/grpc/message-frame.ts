import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf'
import { Code, ConnectError } from '@connectrpc/connect'

const PREFIX_BYTES = 5

/** Writes a message as it goes over the wire. Throws for one of more than so many bytes. */
export function writeFrame<I extends DescMessage>(schema: I, message: MessageInitShape<I>, maxBytes: number): Buffer {
  const bytes = serialize(schema, message)
  if (bytes.length > maxBytes) {
    const text = `message size ${bytes.length} is larger than configured writeMaxBytes ${maxBytes}`
    throw new ConnectError(text, Code.ResourceExhausted)
  }
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + bytes.length)
  frame[0] = 0
  frame.writeUInt32BE(bytes.length, 1)
  frame.set(bytes, PREFIX_BYTES)
  return frame
}

/** Reads a message without its prefix. */
export function readMessage<O extends DescMessage>(schema: O, bytes: Uint8Array): MessageShape<O> {
  try {
    return fromBinary(schema, bytes)
  } catch (error) {
    throw new ConnectError(`parse binary: ${textOf(error)}`, Code.Internal)
  }
}

function serialize<I extends DescMessage>(schema: I, message: MessageInitShape<I>): Uint8Array {
  try {
    return toBinary(schema, create(schema, message))
  } catch (error) {
    throw new ConnectError(`serialize binary: ${textOf(error)}`, Code.Internal)
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
