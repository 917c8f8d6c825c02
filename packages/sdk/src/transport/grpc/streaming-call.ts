import type { ClientHttp2Stream } from 'node:http2'
import type { DescMessage } from '@bufbuild/protobuf'
import { Code, ConnectError } from '@connectrpc/connect'
import type { BytesSinks } from './bytes-sink.js'
import type { CallEnd } from './call-end.js'
import { lostCall } from './lost-call.js'
import { MessageStream } from './message-stream.js'
import { ReplyReader } from './reply-reader.js'
import type { RequestBody } from './request-body.js'
import { RequestWriter } from './request-writer.js'

/** How a call with a reply of several messages runs. */
export interface StreamingCallOptions<O extends DescMessage> {
  readonly schema: O
  readonly end: CallEnd
  /** The most that a message of the reply may have. */
  readonly maxBytes: number
  /** Lets the caller go on sending when the other side has ended well. The reply then reads as an empty message until it has. */
  readonly keepsSending: boolean
  /** Who takes the bytes of messages that hold nothing else; undefined when they stay in the messages. */
  readonly sinks: BytesSinks | undefined
}

/** Sends a request, and resolves with the messages of the reply when it has begun. */
export function runStreamingCall<O extends DescMessage>(
  stream: ClientHttp2Stream,
  body: RequestBody,
  { schema, end, maxBytes, keepsSending, sinks }: StreamingCallOptions<O>,
): Promise<MessageStream<O>> {
  return new Promise((resolve, reject) => {
    const writer = body instanceof Uint8Array ? undefined : new RequestWriter(stream, body)
    const finish = (error: ConnectError | undefined) => {
      end.release()
      writer?.stop(error)
    }
    const onEnd = (error: ConnectError | undefined) => {
      // For a reply that has begun this changes nothing.
      if (error) reject(error)
      const sent = error || !keepsSending ? undefined : whenSent(stream)
      if (sent) return sent.then(() => finish(undefined))
      finish(error)
      return undefined
    }
    const leave = () => reader.fail(new ConnectError('the reply is not read any more', Code.Canceled))
    const messages = new MessageStream({ schema, stream, onBegin: () => resolve(messages), onLeave: leave, onEnd })
    const reader = new ReplyReader(stream, messages, { maxBytes, keepsSending, sinks })
    const fail = (error: ConnectError) => {
      reader.fail(error)
      messages.fail(error)
    }
    if (body instanceof Uint8Array) stream.end(body)
    else void writer?.run().catch((error: unknown) => fail(lostCall(error)))
    end.tell(fail)
  })
}

/** Waits until this side has ended too; nothing when it has. */
function whenSent(stream: ClientHttp2Stream): Promise<void> | undefined {
  if (stream.writableFinished || stream.closed) return undefined
  return new Promise((resolve) => {
    for (const event of ['finish', 'close']) stream.once(event, () => resolve())
  })
}
