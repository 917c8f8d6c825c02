import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2'
import type { DescMessage, MessageShape } from '@bufbuild/protobuf'
import type { ConnectError } from '@connectrpc/connect'
import { readMessage } from './message-frame.js'
import type { ReplySink } from './reply-reader.js'

/** How much waits for a reader before the sender is made to wait. */
const QUEUE_BYTES = 256 * 1024

/** A gRPC message without content. */
const EMPTY_MESSAGE = new Uint8Array()

/** What a reply of several messages is read with. */
export interface MessageStreamOptions<O extends DescMessage> {
  readonly schema: O
  readonly stream: Pick<ClientHttp2Stream, 'isPaused' | 'pause' | 'resume'>
  /** Runs when the reply has begun. */
  readonly onBegin: () => void
  /** Runs when nobody reads any more, or a message cannot be read. */
  readonly onLeave: () => void
  /** Runs when the reply is over. What it gives is waited for: until then the reply reads as an empty message, and goes on. */
  readonly onEnd: (error: ConnectError | undefined) => Promise<void> | undefined
}

interface Waiting<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void
  readonly reject: (reason: unknown) => void
}

/**
 * The messages of a reply, read once. A slow reader makes the other side wait. What arrived before the reply failed is read first; a
 * failure on this side, such as an abort, comes at once.
 */
export class MessageStream<O extends DescMessage>
  implements ReplySink, AsyncIterableIterator<MessageShape<O>, undefined>
{
  readonly #options: MessageStreamOptions<O>
  header: IncomingHttpHeaders = {}
  trailer: IncomingHttpHeaders = {}
  #queue: Uint8Array[] = []
  #taken = 0
  #queuedBytes = 0
  readonly #waiting: Waiting<MessageShape<O>>[] = []
  #isOver = false
  #error: unknown

  constructor(options: MessageStreamOptions<O>) {
    this.#options = options
  }

  begin(header: IncomingHttpHeaders): void {
    this.header = header
    this.#options.onBegin()
  }

  message(bytes: Uint8Array): void {
    if (this.#isOver) return
    const waiting = this.#waiting.shift()
    if (waiting) {
      this.#read(bytes).then(waiting.resolve, waiting.reject)
      return
    }
    this.#queue.push(bytes)
    this.#queuedBytes += bytes.length
    const { stream } = this.#options
    if (this.#queuedBytes >= QUEUE_BYTES && !stream.isPaused()) stream.pause()
  }

  end(error: ConnectError | undefined, trailer: IncomingHttpHeaders): void {
    this.trailer = trailer
    const rest = this.#options.onEnd(error)
    if (!rest) {
      this.#finish(error)
      return
    }
    this.message(EMPTY_MESSAGE)
    void rest.then(() => this.#finish(undefined))
  }

  /** Ends the reading now; what was not read is dropped. */
  fail(error: unknown): void {
    this.#queue = []
    this.#taken = 0
    this.#finish(error)
  }

  next(): Promise<IteratorResult<MessageShape<O>, undefined>> {
    const bytes = this.#queue[this.#taken]
    if (bytes) {
      this.#take(bytes)
      return this.#read(bytes)
    }
    if (!this.#isOver) return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
    const error = this.#error
    this.#error = undefined
    return error === undefined ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error)
  }

  return(): Promise<IteratorResult<MessageShape<O>, undefined>> {
    this.fail(undefined)
    this.#options.onLeave()
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #take(bytes: Uint8Array): void {
    this.#taken += 1
    this.#queuedBytes -= bytes.length
    if (this.#taken < this.#queue.length) return
    this.#queue = []
    this.#taken = 0
    const { stream } = this.#options
    if (stream.isPaused()) stream.resume()
  }

  async #read(bytes: Uint8Array): Promise<IteratorResult<MessageShape<O>, undefined>> {
    try {
      return { done: false, value: readMessage(this.#options.schema, bytes) }
    } catch (error) {
      this.fail(undefined)
      this.#options.onLeave()
      throw error
    }
  }

  #finish(error: unknown): void {
    if (this.#isOver) return
    this.#isOver = true
    const [first, ...others] = this.#waiting.splice(0)
    if (!first || error === undefined) this.#error = error
    else first.reject(error)
    for (const { resolve } of error === undefined && first ? [first, ...others] : others) {
      resolve({ done: true, value: undefined })
    }
  }
}
