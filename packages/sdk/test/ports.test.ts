import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OpenShellError, Sandbox } from '../src/index.js'
import { type DevStack, startDevStack } from './dev-stack.js'
import { failureOf } from './failure-of.js'

/** A service in the sandbox, whose connections may be half-closed. */
async function serve(onSocket: (socket: Socket) => void): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>()
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    onSocket(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Reads to the end; what is written goes on. */
async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  stream.on('data', (chunk) => {
    text += chunk
  })
  await once(stream, 'end')
  return text
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const largeBytes = Buffer.alloc(3_000_000, 'some bytes of many ')

describe.each(['0.0', '0.1'] as const)('on line %s', (line) => {
  let stack: DevStack
  let sandbox: Sandbox
  beforeAll(async () => {
    stack = await startDevStack({ line })
    sandbox = await stack.client.sandboxes.create({ name: 'box', command: ['sleep', 'infinity'] })
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  test('an SSH session is checked, shows its token to nobody, and ends twice without a complaint', async () => {
    const session = await sandbox.ssh.createSession()
    expect(session).toMatchObject({ sandboxId: sandbox.id, gatewayPort: stack.gateway.port, expired: false })
    expect(session.expiresAt?.getTime()).toBeGreaterThan(Date.now())
    expect(session.token).toMatch(/^[0-9a-f-]{36}$/)
    expect(`${JSON.stringify(session)} ${inspect(session, { depth: 9, showHidden: true })}`).not.toContain(
      session.token,
    )
    await session.revoke()
    await session[Symbol.asyncDispose]()
  })

  test('the host key is known by its fingerprint as soon as the gateway has seen it, on line 0.1', async () => {
    await sandbox.commands.run(['true'])
    await using session = await sandbox.ssh.createSession()
    const stream = await sandbox.ports.connect({ targetPort: 9 })
    stream.on('error', () => undefined).destroy()
    const { hostKeyFingerprint } = session
    if (line === '0.0') {
      expect([hostKeyFingerprint, session.matchesHostKey(largeBytes)]).toEqual([undefined, undefined])
      return
    }
    expect(hostKeyFingerprint).toMatch(/^SHA256:/)
    expect(session.matchesHostKey(largeBytes)).toBe(false)
    expect(stream).toMatchObject({ hostKeyFingerprint })
    expect(await sandbox.files.exists('.')).toBe(true)
  })

  test('a connection carries both directions, and each ends by itself', async () => {
    await using echo = await serve(async (socket) => {
      // It answers only once it knows that the request is complete.
      const chunks: Buffer[] = []
      for await (const chunk of socket.iterator({ destroyOnReturn: false })) chunks.push(chunk)
      socket.end(`${sha256(Buffer.concat(chunks))} and then ${'z'.repeat(1_000_000)}`)
    })
    const stream = await sandbox.ports.connect({ targetPort: echo.port, targetHost: 'localhost' })
    const answer = textOf(stream)
    stream.end(largeBytes)
    expect((await answer) === `${sha256(largeBytes)} and then ${'z'.repeat(1_000_000)}`).toBe(true)
    if (!stream.closed) await once(stream, 'close')
  })

  test('a service that ends its side first still gets all that comes after that', async () => {
    let received: Promise<string> = Promise.resolve('')
    await using server = await serve((socket) => {
      socket.end('that is all from me')
      received = textOf(socket.setEncoding('latin1'))
    })
    const stream = await sandbox.ports.connect({ targetPort: server.port })
    expect(await textOf(stream)).toBe('that is all from me')
    stream.end(largeBytes)
    await once(stream, 'close')
    expect(sha256(Buffer.from(await received, 'latin1'))).toBe(sha256(largeBytes))
  })

  test('a forward carries more connections than a sandbox takes, one after the other', async () => {
    let open = 0
    let most = 0
    await using server = await serve((socket) => {
      open += 1
      most = Math.max(most, open)
      socket.once('close', () => {
        open -= 1
      })
      socket.pipe(socket)
    })
    await using forward = await sandbox.ports.forward({ targetPort: server.port })
    const talk = async (index: number) => {
      const socket = connect(forward.localPort, forward.localHost)
      socket.write(`hello ${index}`)
      await once(socket, 'data')
      socket.end()
      return textOf(socket)
    }
    expect(await Promise.all(Array.from({ length: 30 }, (_, index) => talk(index)))).toHaveLength(30)
    expect(most).toBeLessThanOrEqual(20)
  })

  test('a connection waits for a moment where the gateway still counts one that has ended', async () => {
    await using server = await serve((socket) => socket.end('at last'))
    const message = 'sandbox SSH connection limit reached'
    const full = { rpc: 'ForwardTcp', effect: 'status', code: 'RESOURCE_EXHAUSTED', message, times: 2 } as const
    using limit = stack.gateway.faults.add(full)
    const stream = await sandbox.ports.connect({ targetPort: server.port })
    expect([await textOf(stream), limit.hits]).toEqual(['at last', 2])
    stream.end()
  })

  test('a port on which nobody listens is told, and the forward goes on', async () => {
    const server = await serve(() => undefined)
    const { port } = server
    await server[Symbol.asyncDispose]()
    const stream = await sandbox.ports.connect({ targetPort: port })
    const [error] = await once(stream, 'error')
    expect(error).toMatchObject({ kind: 'unavailable', rpc: 'ForwardTcp', sandboxName: 'box' })
    const errors: OpenShellError[] = []
    let told = () => {}
    const heard = new Promise<void>((resolve) => {
      told = resolve
    })
    await using forward = await sandbox.ports.forward({
      targetPort: port,
      onConnectionError: (problem) => {
        errors.push(problem)
        told()
        // What it throws is nobody's to catch; this process must not end of it.
        throw new Error('the listener failed')
      },
    })
    const socket = connect(forward.localPort, forward.localHost)
    socket.on('error', () => undefined)
    await Promise.all([once(socket, 'close'), heard])
    expect(errors).toMatchObject([{ kind: 'unavailable' }])
  })

  test('closing a forward frees the port and cuts what is open', async () => {
    await using server = await serve((socket) => socket.pipe(socket))
    const forward = await sandbox.ports.forward({ targetPort: server.port })
    const socket = connect(forward.localPort, forward.localHost)
    socket.write('x')
    await once(socket, 'data')
    socket.on('error', () => undefined)
    const cut = once(socket, 'close')
    await forward.close()
    await cut
    expect(await forward.closed).toBeUndefined()
    await using again = await sandbox.ports.forward({ targetPort: server.port, localPort: forward.localPort })
    expect(again.localPort).toBe(forward.localPort)
    const taken = await failureOf(sandbox.ports.forward({ targetPort: 1, localPort: again.localPort }))
    expect(taken).toMatchObject({ kind: 'configuration', message: expect.stringContaining('EADDRINUSE') })
  })

  test('a forward that leads nowhere, or listens where others may be, is refused with every reason', async () => {
    const wrong = sandbox.ports.forward({ targetPort: 0, targetHost: 'example.com', localHost: '0.0.0.0' })
    const { violations } = await failureOf(wrong)
    expect(violations.map(({ field }) => field)).toEqual(['targetPort', 'targetHost', 'localHost'])
    // The short form of a loopback address, which is not taken for one here.
    const short = { targetPort: 80, localHost: '127.1' }
    expect(await failureOf(sandbox.ports.forward(short))).toMatchObject({ violations: [{ field: 'localHost' }] })
    await using forward = await sandbox.ports.forward({ ...short, allowRemote: true })
    expect(forward.localHost).toBe('127.0.0.1')
  })

  test('a service that does not read holds back the writer', async () => {
    let accept: (socket: Socket) => void = () => undefined
    const accepted = new Promise<Socket>((resolve) => {
      accept = resolve
    })
    await using server = await serve((socket) => accept(socket.pause()))
    const stream = await sandbox.ports.connect({ targetPort: server.port })
    const total = 24
    let sent = 0
    const writing = pipeline(async function* () {
      for (; sent < total; sent += 1) yield Buffer.alloc(1024 * 1024)
    }, stream)
    const socket = await accepted
    // It is held back when the gateway answers two calls and nothing has moved between them.
    let seen = -1
    while (seen !== sent) {
      seen = sent
      for (let call = 0; call < 20; call += 1) await sandbox.refresh()
    }
    expect(sent).toBeLessThan(total / 2)
    const received = new Promise<number>((resolve) => {
      let bytes = 0
      socket.on('data', (chunk) => {
        bytes += chunk.length
      })
      socket.once('end', () => resolve(bytes))
    })
    socket.resume()
    stream.resume()
    socket.end()
    await writing
    expect(await received).toBe(total * 1024 * 1024)
  })

  test('a connection that is aborted, before and after it opened, says so', async () => {
    await using server = await serve((socket) => socket.pipe(socket))
    const reason = new Error('enough')
    const aborted = await failureOf(
      sandbox.ports.connect({ targetPort: server.port, signal: AbortSignal.abort(reason) }),
    )
    expect(aborted).toMatchObject({ kind: 'aborted', cause: reason })
    const stop = new AbortController()
    const stream = await sandbox.ports.connect({ targetPort: server.port, signal: stop.signal })
    const failed = once(stream, 'error')
    stop.abort(reason)
    expect(await failed).toMatchObject([{ kind: 'aborted', cause: reason }])
  })
})

// Each waits for the next look at the sandbox.
describe.concurrent.each(['0.0', '0.1'] as const)('on line %s, a forward', (line) => {
  test('closes by itself when its sandbox is stopped, gone, or another one', async ({ expect }) => {
    await using stack = await startDevStack({ line })
    const spec = { command: ['sleep', 'infinity'] }
    const [stopped, gone, replaced] = await Promise.all(
      ['stopped', 'gone', 'replaced'].map((name) => stack.client.sandboxes.create({ ...spec, name })),
    )
    const forwards = await Promise.all([stopped, gone, replaced].map((box) => box?.ports.forward({ targetPort: 80 })))
    await Promise.all([stopped?.stop(), gone?.delete({ wait: true }), replaced?.delete({ wait: true })])
    await stack.client.sandboxes.create({ ...spec, name: 'replaced' }, { waitReady: false, keep: true })
    expect(await Promise.all(forwards.map((forward) => forward?.closed))).toMatchObject([
      { kind: 'failed-precondition', message: expect.stringContaining('stop') },
      { kind: 'not-found' },
      { kind: 'failed-precondition', message: expect.stringContaining('another sandbox has its name') },
    ])
    if (stopped) expect(await failureOf(stopped.ssh.createSession())).toMatchObject({ kind: 'failed-precondition' })
  })
})
