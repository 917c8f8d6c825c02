import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2'
import { Code, ConnectError } from '@connectrpc/connect'
import type { CallEnd } from './call-end.js'
import { ReplyReader, type ReplySink } from './reply-reader.js'

/** A reply of one message, still encoded. */
export interface UnaryReply {
  readonly message: Uint8Array
  readonly header: IncomingHttpHeaders
  readonly trailer: IncomingHttpHeaders
}

/** Sends a request of one message, and takes the reply of one. */
export function runUnaryCall(
  stream: ClientHttp2Stream,
  frame: Uint8Array,
  end: CallEnd,
  maxBytes: number,
): Promise<UnaryReply> {
  return new Promise((resolve, reject) => {
    const reader = new ReplyReader(stream, new UnarySink(resolve, reject), { maxBytes, keepsSending: false })
    stream.end(frame)
    end.tell((error) => reader.fail(error))
  })
}

class UnarySink implements ReplySink {
  readonly #resolve: (reply: UnaryReply) => void
  readonly #reject: (error: ConnectError) => void
  #header: IncomingHttpHeaders = {}
  #message: Uint8Array | undefined

  constructor(resolve: (reply: UnaryReply) => void, reject: (error: ConnectError) => void) {
    this.#resolve = resolve
    this.#reject = reject
  }

  begin(header: IncomingHttpHeaders): void {
    this.#header = header
  }

  message(bytes: Uint8Array): void {
    if (this.#message) throw unusual('received extra output message for unary method')
    this.#message = bytes
  }

  end(error: ConnectError | undefined, trailer: IncomingHttpHeaders): void {
    if (error) this.#reject(error)
    else if (!this.#message) this.#reject(unusual('missing output message for unary method'))
    else this.#resolve({ message: this.#message, header: this.#header, trailer })
  }
}

function unusual(what: string): ConnectError {
  return new ConnectError(`protocol error: ${what}`, Code.Unimplemented)
}
