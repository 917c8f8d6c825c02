import { once } from 'node:events'
import { type ClientHttp2Session, connect as connectHttp2, constants, type OutgoingHttpHeaders } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { credentials } from '@grpc/grpc-js'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { OpenShell } from '@openshell-ts/protocol/v0-0'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type DevGateway, startDevGateway } from '../src/index.js'
import { ScriptedDriver } from './scripted-driver.js'

const megabyte = 1_048_576

let driver: ScriptedDriver
let plain: DevGateway
let secure: DevGateway
const logged: string[] = []

beforeAll(async () => {
  driver = await ScriptedDriver.start()
  const logger = pino({ level: 'error' }, { write: (line: string) => logged.push(line) })
  const drivers = [{ name: 'acme', socketPath: driver.socketPath }]
  plain = await startDevGateway({ drivers, logger })
  secure = await startDevGateway({ drivers, logger, tls: { clientCertificates: 'none' } })
})
afterAll(async () => {
  await plain.close()
  await secure.close()
  await driver[Symbol.asyncDispose]()
})
// Whatever was done to the ports, both answer the next client, and nothing went wrong inside.
afterEach(async () => {
  for (const { port, tls } of [plain, secure]) {
    const channel = tls ? credentials.createSsl(Buffer.from(tls.ca)) : credentials.createInsecure()
    const client = new GrpcServiceClient(OpenShell, `127.0.0.1:${port}`, channel, {
      'grpc.use_local_subchannel_pool': 1,
    })
    expect(await client.unary('health', {})).toMatchObject({ status: 1 })
    client.close()
  }
  expect(logged).toEqual([])
})

// The head of a frame that ends an HTTP/2 connection. Who stays all the same is cut off when it answers no ping.
const goAway = '\x07\0\0\0\0\0'

/** Sends bytes; answers what came back until the gateway closed the connection, or said that it wants no more of it. */
async function exchange(socket: Socket, bytes: Buffer | string): Promise<string> {
  let received = ''
  socket.setEncoding('latin1')
  socket.on('data', (text) => {
    received += text
    if (received.includes(goAway)) socket.destroy()
  })
  socket.on('error', () => undefined)
  socket.write(bytes)
  await new Promise((resolve) => socket.once('close', resolve))
  return received
}

const tcp = () => connect(plain.port, '127.0.0.1')
const tcpToTls = () => connect(secure.port, '127.0.0.1')
const tls = (alpn: string[]) =>
  connectTls({ port: secure.port, host: '127.0.0.1', ca: secure.tls?.ca, ALPNProtocols: alpn })

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const settings = frame(4, 0, 0)

/** An HTTP/2 frame. */
function frame(
  type: number,
  flags: number,
  stream: number,
  payload = Buffer.alloc(0),
  length = payload.length,
): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

// GET / from the host x, in the static table of HPACK.
const getRoot = frame(1, 5, 1, Buffer.from([0x82, 0x84, 0x86, 0x01, 0x01, 0x78]))

const continuations = Array.from({ length: 2_000 }, () => frame(9, 0, 1, Buffer.alloc(1_000, 0x40)))

// Some end after a time without anything, so all wait at once.
describe.concurrent('a connection ends that sends', () => {
  test.each<[string, () => Socket, Buffer | string]>([
    ['garbage', tcp, '\0\x01garbage that is longer than the preface'],
    ['an HTTP/1 request', tcp, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    [
      'gRPC over HTTP/1',
      tcp,
      'POST /openshell.v1.OpenShell/Health HTTP/1.1\r\nContent-Type: application/grpc\r\nContent-Length: 5\r\n\r\n\0\0\0\0\0',
    ],
    ['a TLS handshake to the plaintext port', tcp, Buffer.from('16030100c8010000c40303'.padEnd(400, '0'), 'hex')],
    ['garbage behind the preface', tcp, Buffer.concat([preface, settings, Buffer.alloc(4_096, 0xff)])],
    [
      'a frame beyond the frame size',
      tcp,
      Buffer.concat([preface, settings, frame(0, 0, 1, Buffer.alloc(9), 0xffffff)]),
    ],
    ['data of a stream that does not exist', tcp, Buffer.concat([preface, settings, frame(0, 0, 1, Buffer.alloc(9))])],
    ['headers without an end', tcp, Buffer.concat([preface, settings, frame(1, 0, 1), ...continuations])],
    ['plaintext HTTP/2 to the TLS port', tcpToTls, Buffer.concat([preface, settings])],
    ['a plaintext request of HTTP/2 to the TLS port', tcpToTls, Buffer.concat([preface, settings, getRoot])],
    ['an HTTP/1 request to the TLS port', tcpToTls, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['garbage to the TLS port', tcpToTls, Buffer.alloc(4_096, 0x16)],
    ['garbage inside TLS', () => tls(['h2']), Buffer.alloc(4_096, 0xff)],
    ['HTTP/1 inside TLS', () => tls(['http/1.1']), 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ])('%s', async (_name, open, bytes) => {
    // Some get a GOAWAY or an alert first; none gets an answer of HTTP/1 that says OK.
    expect(await exchange(open(), bytes)).not.toContain('200 OK')
  })
})

/** A call over plain HTTP/2, so that it can break the rules of gRPC. */
async function call(
  session: ClientHttp2Session,
  body: Buffer,
  headers: OutgoingHttpHeaders = {},
): Promise<Record<string, unknown>> {
  const stream = session.request({
    ':method': 'POST',
    ':path': '/openshell.v1.OpenShell/Health',
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  })
  const answer: Record<string, unknown> = {}
  const take = (received: OutgoingHttpHeaders) => Object.assign(answer, received)
  session.on('error', () => undefined)
  stream.on('response', take).on('trailers', take).resume()
  stream.on('error', (error) => take({ error: error.message }))
  stream.end(body)
  await new Promise((resolve) => stream.once('close', resolve))
  const text = answer['grpc-message']
  return { ...answer, ...(typeof text === 'string' && { 'grpc-message': decodeURIComponent(text) }) }
}

function message(sizeBytes: number, sent = sizeBytes, flag = 0): Buffer {
  const prefix = Buffer.alloc(5)
  prefix[0] = flag
  prefix.writeUInt32BE(sizeBytes, 1)
  return Buffer.concat([prefix, Buffer.alloc(sent)])
}

const tooLarge = (sizeBytes: number) => ({
  'grpc-status': '11',
  'grpc-message': `Error, decoded message length too large: found ${sizeBytes} bytes, the limit is: ${megabyte} bytes`,
})
const execPath = { ':path': '/openshell.v1.OpenShell/ExecSandboxInteractive' }

describe('a call is answered that', () => {
  test.each<[string, Buffer, OutgoingHttpHeaders, Record<string, unknown>]>([
    ['is one byte too large', message(megabyte + 1), {}, tooLarge(megabyte + 1)],
    ['announces 4 GiB', message(0xffff_ffff, 10), {}, tooLarge(0xffff_ffff)],
    ['announces too much on a stream', message(megabyte + 1, 0), execPath, tooLarge(megabyte + 1)],
    ['is too large behind a good message', Buffer.concat([message(0), message(9_000_000, 9)]), {}, tooLarge(9_000_000)],
    ['ends in the middle of a message', message(100, 10), {}, { 'grpc-status': '13' }],
    ['ends in the middle of a length', Buffer.alloc(3), {}, { 'grpc-status': '13' }],
    ['says that it is compressed and is not', message(10, 10, 1), {}, { 'grpc-status': '13' }],
    ['is compressed in an unknown way', message(10, 10, 1), { 'grpc-encoding': 'x' }, { 'grpc-status': '12' }],
    ['is compressed', message(10, 10, 1), { 'grpc-encoding': 'gzip' }, { 'grpc-status': '12' }],
    ['is no gRPC', Buffer.from('{}'), { 'content-type': 'application/json' }, { ':status': 404 }],
    ['has a deadline that is none', message(0), { 'grpc-timeout': 'soon' }, { ':status': 200 }],
    ['has a request id of other characters', message(0), { 'x-request-id': '\xff\xfe' }, { 'grpc-status': '0' }],
    ['asks for a path that is none', message(0), { ':path': '/../etc' }, { 'grpc-status': '12' }],
    ['has 40 KiB of metadata', message(0), { 'x-a': 'a'.repeat(40_000) }, { 'grpc-status': '0' }],
  ])('%s', async (_name, body, headers, expected) => {
    const session = connectHttp2(plain.endpoint)
    expect(await call(session, body, headers)).toMatchObject(expected)
    session.close()
  })

  test('has a megabyte of metadata, by the end of its connection or of the call', async () => {
    const session = connectHttp2(plain.endpoint, { maxSendHeaderBlockLength: 10 * megabyte })
    expect(await call(session, message(0), { 'x-a': 'a'.repeat(megabyte) })).not.toHaveProperty('grpc-status', '0')
    session.destroy()
  })
})

test('a deadline of a month is not over before one of a millisecond', async () => {
  const session = connectHttp2(plain.endpoint)
  const head = { ':method': 'POST', ...execPath, 'content-type': 'application/grpc' }
  const ended: string[] = []
  const open = (timeout: string) => {
    const stream = session.request({ ...head, 'grpc-timeout': timeout })
    stream.on('response', () => ended.push(timeout)).resume()
    return once(stream, 'response')
  }
  open('2592000S').catch(() => undefined)
  await open('1m')
  expect(ended).toEqual(['1m'])
  session.destroy()
})

test.each([
  { over: 'plain HTTP/2', connection: () => connectHttp2(plain.endpoint) },
  { over: 'TLS', connection: () => connectHttp2(secure.endpoint, { ca: secure.tls?.ca }) },
])('over $over a caller may send 1 MiB of a call ahead, and 16 MiB of all calls', async ({ connection }) => {
  const session = connection()
  const closed = once(session, 'close')
  await expect.poll(() => session.remoteSettings.initialWindowSize).toBe(megabyte)
  await expect.poll(() => session.state.remoteWindowSize).toBe(16 * megabyte)
  session.close()
  await closed
})

test('streams that are reset at once, and pings without end, are survived', async () => {
  const session = connectHttp2(plain.endpoint)
  session.on('error', () => undefined)
  const closed = once(session, 'close')
  for (let index = 0; index < 2_000 && !session.destroyed; index += 1) {
    const stream = session.request({ ':method': 'POST', ':path': '/x', 'content-type': 'application/grpc' })
    stream.on('error', () => undefined)
    stream.close(constants.NGHTTP2_CANCEL)
    session.ping(() => undefined)
  }
  session.close()
  await closed
})

test('a client that ends its side, or vanishes, in the middle of a call takes nothing with it', async () => {
  const head = Buffer.concat([preface, settings])
  for (const leave of [(socket: Socket) => socket.end(), (socket: Socket) => socket.resetAndDestroy()]) {
    const socket = tcp()
    socket.on('error', () => undefined).resume()
    socket.write(head)
    await once(socket, 'data')
    leave(socket)
    await new Promise((resolve) => socket.once('close', resolve))
  }
})

test('a thousand connections that do nothing cost little, and end with the gateway', async () => {
  await using gateway = await startDevGateway({ drivers: [{ name: 'acme', socketPath: driver.socketPath }] })
  const before = process.memoryUsage()
  const sockets = await Promise.all(
    Array.from({ length: 1_000 }, async () => {
      const socket = connect(gateway.port, '127.0.0.1')
      socket.on('error', () => undefined).resume()
      socket.write(Buffer.concat([preface, settings]))
      await once(socket, 'data')
      return socket
    }),
  )
  const client = new GrpcServiceClient(OpenShell, `127.0.0.1:${gateway.port}`, credentials.createInsecure())
  expect(await client.unary('health', {})).toMatchObject({ status: 1 })
  client.close()
  const { heapUsed, external } = process.memoryUsage()
  // Both ends of each connection are in this process.
  expect((heapUsed + external - before.heapUsed - before.external) / 1_000).toBeLessThan(256 * 1024)
  const ended = sockets.map((socket) => socket.closed || once(socket, 'close'))
  await gateway.close()
  await Promise.all(ended)
})
