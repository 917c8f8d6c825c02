import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2'
import { Code, ConnectError } from '@connectrpc/connect'
import type { BytesSinks } from './bytes-sink.js'
import { FrameReader } from './frame-reader.js'
import { lostCall, resetCall } from './lost-call.js'
import { assertGrpcReply, hasStatus, statusError } from './reply-status.js'

/** Who takes a reply, in this order. */
export interface ReplySink {
  /** The reply has begun well. */
  begin(header: IncomingHttpHeaders): void
  /** A message, still encoded. May throw, which fails the call. */
  message(bytes: Uint8Array): void
  /** Called once: the reply is over, well without an error. */
  end(error: ConnectError | undefined, trailer: IncomingHttpHeaders): void
}

/** How a reply is read. */
export interface ReplyOptions {
  /** The most that a message may have. */
  readonly maxBytes: number
  /** Whether this side may go on sending when the reply has ended well. */
  readonly keepsSending: boolean
  /** Who takes the bytes of messages that hold nothing else; absent when they stay in the messages. */
  readonly sinks?: BytesSinks | undefined
}

const NO_FIELDS: IncomingHttpHeaders = {}

/** Reads the reply of one call from its stream. */
export class ReplyReader {
  readonly #stream: ClientHttp2Stream
  readonly #sink: ReplySink
  readonly #keepsSending: boolean
  readonly #frames: FrameReader
  #header: IncomingHttpHeaders | undefined
  #trailer: IncomingHttpHeaders | undefined
  #isOver = false

  constructor(stream: ClientHttp2Stream, sink: ReplySink, { maxBytes, keepsSending, sinks }: ReplyOptions) {
    this.#stream = stream
    this.#sink = sink
    this.#keepsSending = keepsSending
    this.#frames = new FrameReader(maxBytes, (message) => sink.message(message), sinks)
    stream.on('response', (header) => this.#begin(header))
    stream.on('data', (chunk: Uint8Array) => this.#read(chunk))
    stream.on('trailers', (trailer) => this.#endWith(trailer))
    stream.on('end', () => this.#endOfData())
    stream.on('error', (error) => this.#lose(error))
    stream.on('close', () => this.#close())
  }

  /** Ends the call from this side, with a reset. */
  fail(error: ConnectError): void {
    if (this.#isOver) cancelStream(this.#stream)
    else this.#over(error)
  }

  #begin(header: IncomingHttpHeaders): void {
    if (this.#isOver) return
    this.#header = header
    try {
      assertGrpcReply(header)
    } catch (error) {
      this.fail(lostCall(error))
      return
    }
    const error = hasStatus(header) ? statusError(header) : undefined
    if (error) this.#over(error)
    else this.#sink.begin(header)
  }

  #read(chunk: Uint8Array): void {
    if (this.#isOver) return
    try {
      this.#frames.add(chunk)
    } catch (error) {
      this.fail(lostCall(error))
    }
  }

  #endWith(trailer: IncomingHttpHeaders): void {
    this.#trailer = trailer
    // Everything that was sent has arrived; it may wait for a slow reader.
    if (this.#stream.readableLength === 0) this.#endOfData()
  }

  #endOfData(): void {
    const header = this.#header
    if (this.#isOver || !header) return
    // Without a status the close of the stream says why.
    const status = this.#trailer ?? (hasStatus(header) ? header : undefined)
    if (!status) return
    const error = statusError(status, ...(status === header ? [] : [header])) ?? this.#incomplete()
    this.#over(error)
  }

  #incomplete(): ConnectError | undefined {
    if (!this.#frames.isInside) return undefined
    return new ConnectError('protocol error: the last message is incomplete', Code.Internal)
  }

  #lose(error: unknown): void {
    if (this.#isOver) return
    const { rstCode } = this.#stream
    const isReset = error instanceof Error && 'code' in error && error.code === 'ERR_HTTP2_STREAM_ERROR'
    this.#over(isReset ? resetCall(rstCode, error) : lostCall(error))
  }

  #close(): void {
    if (this.#isOver) return
    const { rstCode } = this.#stream
    const endsWithoutStatus = this.#header && rstCode === constants.NGHTTP2_NO_ERROR
    this.#over(endsWithoutStatus ? statusError(NO_FIELDS, this.#header ?? NO_FIELDS) : resetCall(rstCode))
  }

  #over(error: ConnectError | undefined): void {
    this.#isOver = true
    // A stream that has ended by itself is closed by then.
    if (error || !(this.#keepsSending || this.#stream.writableFinished)) cancelStream(this.#stream)
    this.#sink.end(error, this.#trailer ?? NO_FIELDS)
  }
}

/**
 * Resets a stream unless it is closed, because nobody reads its reply any more. Not at once: whoever asks for it may be called out of the reading of a packet,
 * where HTTP/2 of Node.js must not be changed.
 */
function cancelStream(stream: ClientHttp2Stream): void {
  setImmediate(() => {
    if (stream.destroyed) return
    stream.close(constants.NGHTTP2_CANCEL)
    stream.resume()
  })
}
