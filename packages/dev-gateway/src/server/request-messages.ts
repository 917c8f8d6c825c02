import type { DescMessage, Message } from '@bufbuild/protobuf'
import { callCancelled } from '../errors/status-error.js'
import type { CallFollower } from './call-follower.js'
import { decodeMessage } from './decode-message.js'
import type { RawCall } from './raw-call.js'
import { requestFrames } from './request-frames.js'

/** What reading a call's requests needs. */
export interface RequestMessagesOptions {
  /** Aborts when the caller is gone. */
  readonly signal: AbortSignal
  /** Looks on at each message. */
  readonly follower: CallFollower | undefined
  /** Sees the first message before anybody else; what it throws ends the requests. */
  readonly checkFirst: (message: Message) => void
}

/** The messages that a caller sends, decoded one by one as they are asked for. */
export class RequestMessages implements AsyncIterator<Message, undefined> {
  readonly #schema: DescMessage
  readonly #call: RawCall
  readonly #options: RequestMessagesOptions
  readonly #encoded: AsyncIterator<Uint8Array, undefined>
  #lastBytes: Uint8Array | undefined

  constructor(schema: DescMessage, call: RawCall, options: RequestMessagesOptions) {
    this.#schema = schema
    this.#call = call
    this.#options = options
    this.#encoded = requestFrames(call, options.signal)
  }

  /** The bytes of the last message; empty before the first. */
  get lastBytes(): Uint8Array {
    return this.#lastBytes ?? new Uint8Array()
  }

  /** @throws StatusError CANCELLED when the caller is gone, and what `decodeMessage` throws. */
  async next(): Promise<IteratorResult<Message, undefined>> {
    try {
      const { done, value: bytes } = await this.#encoded.next()
      if (done) return { done, value: undefined }
      const message = decodeMessage(this.#schema, bytes)
      this.#options.follower?.request(message, bytes.length)
      if (!this.#lastBytes) this.#options.checkFirst(message)
      this.#lastBytes = bytes
      return { done: false, value: message }
    } catch (error) {
      throw this.#options.signal.aborted || this.#call.destroyed ? callCancelled() : error
    }
  }
}
