import { once } from 'node:events'
import {
  connect,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'

/** Stands between a client and a gateway, and speaks HTTP/2 with both. */
export interface Http2Front extends AsyncDisposable {
  readonly endpoint: string
  /** Ends what is being answered with a status of its own, as a proxy does that looks at tokens. */
  endAnswers(code: number, message: string): void
}

/** Passes every call on to the gateway, and every answer back, as they are; except those that `take` answers, which gives true. */
export async function startHttp2Front(
  gateway: string,
  take: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => boolean = () => false,
): Promise<Http2Front> {
  const target = connect(gateway)
  const sessions = new Set<ServerHttp2Session>()
  const answers = new Set<(trailers: IncomingHttpHeaders) => void>()
  const server = createServer()
  server.on('session', (session) => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
  })
  server.on('stream', (stream, received) => {
    stream.on('error', () => undefined)
    if (take(stream, received)) return
    const forward = target.request(received)
    let trailers: IncomingHttpHeaders = {}
    stream.pipe(forward)
    forward.on('response', (answer) => {
      stream.respond(answer, { waitForTrailers: true })
      forward.pipe(stream)
    })
    forward.on('trailers', (last) => {
      trailers = last
    })
    stream.on('wantTrailers', () => stream.sendTrailers(trailers))
    forward.on('error', () => stream.destroy())
    const end = (last: IncomingHttpHeaders) => {
      trailers = last
      forward.unpipe(stream)
      stream.end()
    }
    answers.add(end)
    stream.on('close', () => {
      answers.delete(end)
      forward.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    endAnswers(code, message) {
      for (const end of answers) end({ 'grpc-status': String(code), 'grpc-message': encodeURIComponent(message) })
    },
    async [Symbol.asyncDispose]() {
      target.destroy()
      for (const session of sessions) session.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
