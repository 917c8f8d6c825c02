import { once } from 'node:events'
import { constants, createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { CallEnd } from './call-end.js'
import { ConnectionPool } from './connection-pool.js'

let server: Http2Server
let pool: ConnectionPool
const sessions = new Set<ServerHttp2Session>()

beforeEach(async () => {
  server = createServer({ settings: { maxConcurrentStreams: 2 } })
  server.on('session', (session) => sessions.add(session))
  server.on('stream', (stream: ServerHttp2Stream) => {
    stream.on('error', () => undefined)
    stream.respond()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const openSocket = () => connect(port, '127.0.0.1')
  pool = new ConnectionPool({ url: `http://127.0.0.1:${port}`, prepare: () => undefined, openSocket })
})

afterEach(() => {
  for (const session of sessions) session.destroy()
  sessions.clear()
  server.close()
})

/** Counts the pings that arrive. Time stands still until the test lets it go on. */
function stopTime(): { pings(): number } {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  let pings = 0
  server.on('session', (session) =>
    session.on('ping', () => {
      pings += 1
    }),
  )
  return { pings: () => pings }
}

async function open() {
  const stream = await pool.request({ ':path': '/', ':method': 'POST' }, new CallEnd(undefined, undefined))
  stream.on('error', () => undefined)
  await once(stream, 'response')
  return stream
}

test('a call above what the other side takes on one connection goes over a further one', async () => {
  for (let count = 0; count < 5; count += 1) await open()
  expect(sessions.size).toBe(3)
})

test('many calls at once are spread in the same way', async () => {
  await open()
  await Promise.all(Array.from({ length: 6 }, open))
  expect(sessions.size).toBe(4)
})

test('calls that come first share the connection that they open', async () => {
  await Promise.all([open(), open()])
  expect(sessions.size).toBe(1)
})

test('the room of a call that ended is used again', async () => {
  const [first] = [await open(), await open()]
  first?.destroy()
  await once(first, 'close')
  await open()
  expect(sessions.size).toBe(1)
})

test('calls that run go on after a goodbye of the other side, and new ones go over another connection', async () => {
  const running = await open()
  for (const session of sessions) session.goaway()
  await once(running.session ?? running, 'goaway')
  expect(pool.isOpen).toBe(false)
  await open()
  expect(sessions.size).toBe(2)
  expect(running.destroyed).toBe(false)
  expect(pool.isOpen).toBe(true)
})

test('a connection without calls closes after a goodbye of the other side', async () => {
  const only = await open()
  const [session] = sessions
  const closed = once(session as ServerHttp2Session, 'close')
  only.close()
  await once(only, 'close')
  session?.goaway()
  await closed
  expect(pool.isOpen).toBe(false)
})

test('a connection that was idle for more than ten seconds is asked whether it is there, and used again', async () => {
  const { pings } = stopTime()
  const first = await open()
  first.close()
  await once(first, 'close')
  vi.advanceTimersByTime(9_000)
  const second = await open()
  expect(pings()).toBe(0)
  second.close()
  await once(second, 'close')
  vi.advanceTimersByTime(11_000)
  await open()
  expect([pings(), sessions.size]).toEqual([1, 1])
})

test('a call without a word from the other side for ten seconds has it asked', async () => {
  const { pings } = stopTime()
  await open()
  vi.advanceTimersByTime(4_000)
  expect(pings()).toBe(0)
  vi.advanceTimersByTime(11_000)
  while (pings() === 0) await new Promise((resolve) => setImmediate(resolve))
})

test('a connection that asks too often for the other side waits longer the next time', async () => {
  const { pings } = stopTime()
  const running = await open()
  const [session] = sessions
  session?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, 0, Buffer.from('too_many_pings'))
  await new Promise((resolve) => running.once('close', resolve))
  const next = await open()
  next.close()
  await once(next, 'close')
  vi.advanceTimersByTime(19_000)
  await open()
  expect(pings()).toBe(0)
})

test('a connection closes when it was idle for fifteen minutes', async () => {
  stopTime()
  const only = await open()
  only.close()
  await once(only, 'close')
  vi.advanceTimersByTime(16 * 60_000)
  expect(pool.isOpen).toBe(false)
})
