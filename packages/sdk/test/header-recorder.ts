import { once } from 'node:events'
import { connect, createServer, type IncomingHttpHeaders } from 'node:http2'
import type { AddressInfo } from 'node:net'

/** Stands between a client and a gateway, and keeps what the calls carry beside their messages. */
export interface HeaderRecorder extends AsyncDisposable {
  readonly endpoint: string
  /** Headers of the calls so far, in order. */
  readonly headers: readonly IncomingHttpHeaders[]
}

/** Passes every call on to the gateway, and every answer back, as they are. */
export async function startHeaderRecorder(gateway: string): Promise<HeaderRecorder> {
  const target = connect(gateway)
  const headers: IncomingHttpHeaders[] = []
  const server = createServer()
  server.on('stream', (stream, received) => {
    headers.push(received)
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
    stream.on('error', () => undefined)
    stream.on('close', () => forward.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    headers,
    async [Symbol.asyncDispose]() {
      target.destroy()
      server.close()
    },
  }
}
