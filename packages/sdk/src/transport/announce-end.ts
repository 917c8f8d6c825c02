import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2'

/** A gRPC message without content. */
const EMPTY_MESSAGE = Buffer.alloc(5)

/**
 * Lets a call go on when the other side has ended well and this side has not. Connect takes a call for over with the end of its
 * replies and sends nothing more; here the end of the replies reads as an empty message, and their iteration ends with the call.
 */
export function announceEnd(stream: ClientHttp2Stream): void {
  let endedWell = false
  stream.once('trailers', (trailers: IncomingHttpHeaders) => {
    endedWell = trailers['grpc-status'] === '0'
  })
  const iterate = async function* (): AsyncGenerator<Uint8Array, undefined> {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array
    if (!endedWell || stream.writableFinished || stream.closed) return
    const ended = new Promise<void>((resolve) => {
      for (const event of ['finish', 'close']) stream.once(event, () => resolve())
    })
    yield EMPTY_MESSAGE
    await ended
  }
  Object.defineProperty(stream, Symbol.asyncIterator, { value: iterate })
}
