import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ForwardStream } from './forward-stream.js'
import { type SupervisedGateway, startSupervisedGateway } from './supervised-gateway.js'

const broken = /EPIPE|ECONNRESET/

let world: SupervisedGateway

beforeAll(async () => {
  world = await startSupervisedGateway()
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

/** A service in the sandbox, whose connections may be half-closed. */
async function serve(onSocket: (socket: Socket) => void): Promise<Server & AsyncDisposable> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    onSocket(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(server, {
    async [Symbol.asyncDispose]() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  })
}

/** A connection to the service, as a client of the gateway has it. */
async function forwardTo(server: Server, { client, sandboxId, gateway } = world): Promise<ForwardStream> {
  const { token } = await client.unary('createSshSession', { sandboxId })
  const { port } = server.address() as AddressInfo
  const target = { case: 'tcp' as const, value: { host: '127.0.0.1', port } }
  return new ForwardStream(gateway.endpoint, { sandboxId, target, authorizationToken: token })
}

/** Reads to the end; what is written goes on, unlike with `for await`, which destroys the stream. */
function bytesOf(stream: Duplex): AsyncIterable<Buffer> {
  return { [Symbol.asyncIterator]: () => stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer> }
}

async function text(stream: Duplex): Promise<string> {
  let read = ''
  for await (const bytes of bytesOf(stream)) read += bytes.toString('latin1')
  return read
}

async function digest(stream: Duplex): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of bytesOf(stream)) hash.update(bytes)
  return hash.digest('hex')
}

test('a client that ends its side behind the request gets the whole answer', async () => {
  const answer = 'z'.repeat(3_000_000)
  await using server = await serve(async (socket) => {
    // It answers only once it knows that the request is complete.
    const request = await text(socket)
    socket.end(`${request.length} ${answer}`)
  })
  const forward = await forwardTo(server)
  forward.end('GET / HTTP/1.0\r\n\r\n')
  expect((await text(forward)) === `18 ${answer}`).toBe(true)
  expect(forward.status).toMatch(/^0 /)
})

test('a service that ends its side first still gets all that the client sends after that', async () => {
  const received = deferred<string>()
  await using server = await serve((socket) => {
    socket.end('that is all from me')
    received.resolve(digest(socket))
  })
  const forward = await forwardTo(server)
  expect(await text(forward)).toBe('that is all from me')
  const late = Buffer.alloc(3_000_000, 'late')
  forward.end(late)
  expect(await received.promise).toBe(createHash('sha256').update(late).digest('hex'))
})

test('24 MiB go through in both directions at once, and a service that does not read holds the client back', async () => {
  const chunk = Buffer.alloc(1024 * 1024, 'payload.')
  const total = 24
  const start = deferred<void>()
  await using server = await serve((socket) => {
    void start.promise.then(() => socket.pipe(socket))
  })
  const forward = await forwardTo(server)
  const echoed = digest(forward)
  let sent = 0
  const stalled = deferred<void>()
  const writing = (async () => {
    for (; sent < total; sent++) {
      if (forward.write(chunk)) continue
      const idle = setTimeout(stalled.resolve, 200)
      await once(forward, 'drain')
      clearTimeout(idle)
    }
    forward.end()
  })()
  await stalled.promise
  expect(sent).toBeLessThan(total / 2)
  start.resolve()
  await writing
  const hash = createHash('sha256')
  for (let part = 0; part < total; part++) hash.update(chunk)
  expect(await echoed).toBe(hash.digest('hex'))
})

test('a forward one of whose sides has ended is cut on both ends when nothing moves', async () => {
  await using impatient = await startSupervisedGateway({ timings: { relayHalfOpenMs: 50 } })
  const accepted = deferred<Socket>()
  await using server = await serve((socket) => accepted.resolve(socket.resume()))
  const forward = await forwardTo(server, impatient)
  forward.end('and then nothing')
  await once(forward.resume(), 'end')
  expect(await writeError(await accepted.promise)).toMatchObject({ code: expect.stringMatching(broken) })
})

test('the connection to the service breaks when the client goes away', async () => {
  const accepted = deferred<Socket>()
  await using server = await serve((socket) => accepted.resolve(socket.resume()))
  const forward = await forwardTo(server)
  forward.write('hello')
  const socket = await accepted.promise
  forward.destroy()
  expect(await writeError(socket)).toMatchObject({ code: expect.stringMatching(broken) })
})

/** The error of writing to a connection: only that shows that the other end is not there any more. */
function writeError(socket: Socket): Promise<Error> {
  return new Promise((resolve) => {
    const writeAgain = () => socket.write('anybody?', (error) => (error ? resolve(error) : setImmediate(writeAgain)))
    writeAgain()
  })
}

test('a port on which nobody listens is the answer', async () => {
  const server = await serve(() => undefined)
  const { port } = server.address() as AddressInfo
  await server[Symbol.asyncDispose]()
  await once(server, 'close').catch(() => undefined)
  const forward = await forwardTo({ address: () => ({ port }) } as unknown as Server)
  await once(forward.resume(), 'end')
  expect(forward.status).toMatch(/^14 .*ECONNREFUSED/)
  forward.destroy()
})

interface Deferred<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T | PromiseLike<T>) => void
}

function deferred<T>(): Deferred<T> {
  let resolve: Deferred<T>['resolve'] = () => undefined
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
