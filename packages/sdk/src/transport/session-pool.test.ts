import { once } from 'node:events'
import { createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Http2SessionManager } from '@connectrpc/connect-node'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SessionPool } from './session-pool.js'

let server: Http2Server
let pool: SessionPool
const sessions = new Set<ServerHttp2Session>()

beforeEach(async () => {
  server = createServer({ settings: { maxConcurrentStreams: 2 } })
  server.on('session', (session) => sessions.add(session))
  server.on('stream', (stream: ServerHttp2Stream) => stream.respond())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  pool = new SessionPool({ createManager: () => new Http2SessionManager(url), beforeOpening: () => undefined })
})

afterEach(() => {
  for (const session of sessions) session.destroy()
  sessions.clear()
  server.close()
})

async function open() {
  const stream = await pool.request('POST', '/', {}, {})
  stream.on('error', () => undefined)
  await once(stream, 'response')
  return stream
}

test('a stream above what the other side takes on one connection goes over a further one', async () => {
  for (let count = 0; count < 5; count += 1) await open()
  expect(sessions.size).toBe(3)
})

test('many streams at once are spread in the same way', async () => {
  await open()
  await Promise.all(Array.from({ length: 6 }, open))
  expect(sessions.size).toBe(4)
})

test('the room of a stream that ended is used again', async () => {
  const [first] = [await open(), await open()]
  first?.destroy()
  await once(first, 'close')
  await open()
  expect(sessions.size).toBe(1)
})
