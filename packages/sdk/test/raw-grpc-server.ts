import { once } from 'node:events'
import { createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import type { Transport } from '@connectrpc/connect'
import { Connection } from '../src/transport/connection.js'
import { parseEndpoint } from '../src/transport/endpoint.js'

/** A transport, and a server that answers each call by hand, byte by byte. */
export interface RawGrpc extends AsyncDisposable {
  readonly transport: Transport
  readonly connection: Connection
  readonly server: Http2Server
  readonly sessions: ReadonlySet<ServerHttp2Session>
  /** How the calls ended for the server: the codes of their resets. */
  readonly resets: readonly number[]
}

/** Answers each call with what the test says. */
export async function startRawGrpc(answer: (stream: ServerHttp2Stream, call: number) => void): Promise<RawGrpc> {
  const sessions = new Set<ServerHttp2Session>()
  const resets: number[] = []
  let calls = 0
  const server = createServer()
  server.on('session', (session) => sessions.add(session))
  server.on('stream', (stream: ServerHttp2Stream) => {
    stream.on('error', () => undefined)
    stream.on('close', () => resets.push(stream.rstCode))
    answer(stream, calls++)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const connection = new Connection({
    endpoint: parseEndpoint(`http://127.0.0.1:${port}`),
    tls: {},
    credentials: undefined,
    userAgent: undefined,
    interceptors: [],
  })
  return {
    transport: connection.transport,
    connection,
    server,
    sessions,
    resets,
    async [Symbol.asyncDispose]() {
      await connection.close()
      for (const session of sessions) session.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A message as it goes over the wire. */
export function frame(message: Uint8Array, flags = 0): Buffer {
  const prefix = Buffer.alloc(5)
  prefix[0] = flags
  prefix.writeUInt32BE(message.length, 1)
  return Buffer.concat([prefix, message])
}

/** Answers with a status at the end. */
export function reply(stream: ServerHttp2Stream, body: Uint8Array, trailer: Record<string, string> = OK): void {
  stream.respond({ 'content-type': 'application/grpc' }, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers(trailer))
  stream.end(body)
}

const OK = { 'grpc-status': '0' }

/** Turns of the event loop until the other side has had every chance to go on. */
export async function untilStill(count: () => number): Promise<number> {
  let before = -1
  for (let still = 0; still < 200; still = count() === before ? still + 1 : 0) {
    before = count()
    await setImmediate()
  }
  return before
}
