import type { DescMessage, MessageShape } from '@bufbuild/protobuf'
import { fromBinary } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import { StatusError } from '../errors/status-error.js'
import { describeEncodingProblem } from './check-encoding.js'

/** How many bytes one received message may have. */
export const messageLimitBytes = 1_048_576

/**
 * Decodes one received message.
 *
 * @throws StatusError OUT_OF_RANGE beyond `messageLimitBytes`, INTERNAL for bytes that are no such message.
 */
export function decodeMessage<Message extends DescMessage>(schema: Message, bytes: Uint8Array): MessageShape<Message> {
  if (bytes.length > messageLimitBytes) throw messageTooLarge(bytes.length)
  const problem = describeEncodingProblem(schema, bytes)
  if (problem !== undefined) throw undecodable(problem)
  try {
    // The check above has bounded the depth already.
    return fromBinary(schema, bytes, { recursionLimit: 200 })
  } catch (error) {
    throw undecodable(error instanceof Error ? error.message : String(error))
  }
}

/** The refusal of a message beyond `messageLimitBytes`. */
export function messageTooLarge(sizeBytes: number): StatusError {
  return new StatusError(
    status.OUT_OF_RANGE,
    `Error, decoded message length too large: found ${sizeBytes} bytes, the limit is: ${messageLimitBytes} bytes`,
  )
}

function undecodable(problem: string): StatusError {
  return new StatusError(status.INTERNAL, `failed to decode Protobuf message: ${problem}`)
}
