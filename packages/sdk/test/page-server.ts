import { once } from 'node:events'
import { createServer, type Http2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'

/** A server that is no gateway. */
export interface PageServer extends AsyncDisposable {
  readonly endpoint: string
  /** How many requests it has answered. */
  answered(): number
}

/** Answers every request over HTTP/2 with a page, as proxies and other servers do. */
export async function startPages(status: number): Promise<PageServer> {
  const server = createServer()
  const sessions = new Set<Http2Session>()
  let answered = 0
  server.on('session', (session) => sessions.add(session))
  server.on('stream', (stream) => {
    answered += 1
    stream.on('error', () => undefined)
    stream.respond({ ':status': status, 'content-type': 'text/html', location: 'https://login.example/' })
    stream.end('<html>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    answered: () => answered,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
