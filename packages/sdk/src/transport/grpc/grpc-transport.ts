import type { ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2'
import type {
  DescMessage,
  DescMethod,
  DescMethodStreaming,
  DescMethodUnary,
  MessageInitShape,
} from '@bufbuild/protobuf'
import type { ContextValues, StreamResponse, Transport, UnaryResponse } from '@connectrpc/connect'
import { BYTES_SINKS } from './bytes-sink.js'
import { CallEnd } from './call-end.js'
import type { ConnectionPool } from './connection-pool.js'
import { toGrpcTimeout, toHeaders } from './header-fields.js'
import { lostCall } from './lost-call.js'
import { readMessage, writeFrame } from './message-frame.js'
import { encodeAll, encodeEach, type RequestBody } from './request-body.js'
import { runStreamingCall } from './streaming-call.js'
import { runUnaryCall } from './unary-call.js'

/** A call that is about to be sent. */
export interface OutgoingGrpcCall {
  readonly method: DescMethod
  /** What the caller sends along, by lower-case name; absent when that is nothing. */
  readonly fields: HeaderFields | undefined
  readonly end: CallEnd
  /** False when its messages cannot be sent twice. */
  readonly mayRepeat: boolean
}

/** Fields of a header by lower-case name. */
export type HeaderFields = Readonly<Record<string, string>>

/** Sends a call with these fields, in place of those that the caller sends along. */
export type SendCall<R> = (fields: HeaderFields | undefined) => Promise<R>

/** Does what is wanted around a call, and sends it. */
export type CallAround = <R extends object>(call: OutgoingGrpcCall, send: SendCall<R>) => Promise<R>

/** What a transport is made with. */
export interface GrpcTransportOptions {
  readonly connections: ConnectionPool
  /** Sent with each call; those that a caller sends along take their place. */
  readonly headers: Readonly<OutgoingHttpHeaders>
  /** Runs around each call; absent when nothing does. */
  readonly around?: CallAround | undefined
  /** The most that a message to the gateway may have. */
  readonly maxRequestBytes: number
  /** The most that a message of the gateway may have. */
  readonly maxReplyBytes: number
  /** Whether a call may go on sending when the gateway has ended well; its reply reads as an empty message then. */
  readonly keepsSending: (method: DescMethod) => boolean
  /** Runs with each stream that is opened. */
  readonly onStream: (stream: ClientHttp2Stream) => void
}

type HeaderInit = ConstructorParameters<typeof Headers>[0]

/** One call on its way. */
interface Call<R> extends OutgoingGrpcCall {
  readonly timeoutMs: number | undefined
  /** Sends the request over a stream. */
  readonly run: (stream: ClientHttp2Stream) => Promise<R>
}

/** Speaks gRPC over HTTP/2 with protobuf messages and without compression. */
export class GrpcTransport implements Transport {
  readonly #options: GrpcTransportOptions
  readonly #headers: Readonly<OutgoingHttpHeaders>

  constructor(options: GrpcTransportOptions) {
    this.#options = options
    this.#headers = { ':method': 'POST', ...options.headers }
  }

  async unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    signal: AbortSignal | undefined,
    limitMs: number | undefined,
    header: HeaderInit,
    input: MessageInitShape<I>,
  ): Promise<UnaryResponse<I, O>> {
    const { maxRequestBytes, maxReplyBytes } = this.#options
    const timeoutMs = toTimeout(limitMs)
    const end = new CallEnd(signal, timeoutMs)
    try {
      const frame = writeFrame(method.input, input, maxRequestBytes)
      const run = (stream: ClientHttp2Stream) => runUnaryCall(stream, frame, end, maxReplyBytes)
      const reply = await this.#send({ method, fields: fieldsOf(header), timeoutMs, end, mayRepeat: true, run })
      const message = readMessage(method.output, reply.message)
      return {
        stream: false,
        service: method.parent,
        method,
        message,
        // Few look at them.
        get header() {
          return toHeaders(reply.header)
        },
        get trailer() {
          return toHeaders(reply.trailer)
        },
      }
    } catch (error) {
      throw lostCall(error)
    } finally {
      end.release()
    }
  }

  async stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodStreaming<I, O>,
    signal: AbortSignal | undefined,
    limitMs: number | undefined,
    header: HeaderInit,
    input: AsyncIterable<MessageInitShape<I>>,
    contextValues?: ContextValues,
  ): Promise<StreamResponse<I, O>> {
    const { maxRequestBytes, maxReplyBytes: maxBytes, keepsSending } = this.#options
    const timeoutMs = toTimeout(limitMs)
    const end = new CallEnd(signal, timeoutMs)
    let body: RequestBody | undefined
    try {
      body =
        method.methodKind === 'server_streaming'
          ? await end.wait(encodeAll(method.input, input, maxRequestBytes))
          : encodeEach(method.input, input, maxRequestBytes)
      const sinks = contextValues?.get(BYTES_SINKS)
      const options = { schema: method.output, end, maxBytes, keepsSending: keepsSending(method), sinks }
      const request = body
      const run = (stream: ClientHttp2Stream) => runStreamingCall(stream, request, options)
      const mayRepeat = body instanceof Uint8Array
      const message = await this.#send({ method, fields: fieldsOf(header), timeoutMs, end, mayRepeat, run })
      return {
        stream: true,
        service: method.parent,
        method,
        message,
        get header() {
          return toHeaders(message.header)
        },
        get trailer() {
          return toHeaders(message.trailer)
        },
      }
    } catch (error) {
      end.release()
      if (body && !(body instanceof Uint8Array)) void body.throw?.(error)?.catch(() => undefined)
      throw lostCall(error)
    }
  }

  #send<R extends object>(call: Call<R>): Promise<R> {
    const { around } = this.#options
    return around ? around(call, (fields) => this.#dispatch(call, fields)) : this.#dispatch(call, call.fields)
  }

  async #dispatch<R>(call: Call<R>, fields: HeaderFields | undefined): Promise<R> {
    const { connections, onStream } = this.#options
    call.end.assertGoing()
    const opened = connections.request(this.#headersOf(call, fields), call.end)
    const stream = opened instanceof Promise ? await opened : opened
    onStream(stream)
    return call.run(stream)
  }

  #headersOf({ method, timeoutMs }: Call<unknown>, fields: HeaderFields | undefined): OutgoingHttpHeaders {
    const headers: OutgoingHttpHeaders = {
      ...this.#headers,
      ':path': `/${method.parent.typeName}/${method.name}`,
      ...fields,
      'content-type': 'application/grpc+proto',
      te: 'trailers',
    }
    if (timeoutMs !== undefined) headers['grpc-timeout'] = toGrpcTimeout(timeoutMs)
    return headers
  }
}

// As with connect, 0 means none.
function toTimeout(limitMs: number | undefined): number | undefined {
  return limitMs === undefined || limitMs <= 0 ? undefined : limitMs
}

// The constructor refuses what a header cannot carry.
function fieldsOf(header: HeaderInit): HeaderFields | undefined {
  return header && Object.fromEntries(new Headers(header))
}
