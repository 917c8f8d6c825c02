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
}

/** Passes every call on to the gateway, and every answer back, as they are; except those that `take` answers, which gives true. */
export async function startHttp2Front(
  gateway: string,
  take: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => boolean,
): Promise<Http2Front> {
  const target = connect(gateway)
  const sessions = new Set<ServerHttp2Session>()
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
    stream.on('close', () => forward.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      target.destroy()
      for (const session of sessions) session.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
