import { once } from 'node:events'
import { constants, type ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { create, toBinary } from '@bufbuild/protobuf'
import { Code, ConnectError } from '@connectrpc/connect'
import { ExecSandboxEventSchema, OpenShell, SandboxResponseSchema } from '@openshell-ts/protocol/v0-0'
import { describe, expect, onTestFinished, test } from 'vitest'
import { frame, type RawGrpc, reply, startRawGrpc, untilStill } from './raw-grpc-server.js'

const MIB = 1024 * 1024
const NAME_PREFIX_BYTES = 4
const { getSandbox, execSandbox, execSandboxInteractive, forwardTcp } = OpenShell.method

const sandbox = toBinary(
  SandboxResponseSchema,
  create(SandboxResponseSchema, { sandbox: { metadata: { name: 'box' } } }),
)

function output(data: Uint8Array): Uint8Array {
  return toBinary(
    ExecSandboxEventSchema,
    create(ExecSandboxEventSchema, { payload: { case: 'stdout', value: { data } } }),
  )
}

async function get({ transport }: RawGrpc, signal?: AbortSignal, timeoutMs?: number, header?: Record<string, string>) {
  const { message } = await transport.unary(getSandbox, signal, timeoutMs, header, { name: 'box' })
  return message.sandbox?.metadata?.name
}

async function failureOf(work: Promise<unknown>): Promise<ConnectError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ConnectError)) throw new TypeError(`Not an error of connect: ${error}`)
  return error
}

async function* none(): AsyncGenerator<never> {}

async function* one<T>(message: T): AsyncGenerator<T> {
  yield message
}

const headOf = (extra: object) => (stream: ServerHttp2Stream) => stream.respond({ ...extra }, { endStream: true })
const GRPC = { 'content-type': 'application/grpc' }

describe('a unary reply', () => {
  test.each<[string, (stream: ServerHttp2Stream) => void, Code, string]>([
    ['a status alone', headOf({ ...GRPC, 'grpc-status': '5', 'grpc-message': 'no%20%C3%BC' }), Code.NotFound, 'no ü'],
    [
      'a message that is encoded badly',
      headOf({ ...GRPC, 'grpc-status': '3', 'grpc-message': '100%, %FF' }),
      Code.InvalidArgument,
      '100%, %FF',
    ],
    ['a status that is none', headOf({ ...GRPC, 'grpc-status': 'abc' }), Code.Internal, 'invalid grpc-status'],
    [
      'a status after a message',
      (stream) => reply(stream, frame(sandbox), { 'grpc-status': '9' }),
      Code.FailedPrecondition,
      '',
    ],
    ['no status', (stream) => stream.respond({ ...GRPC }, { endStream: true }), Code.Internal, 'missing status'],
    ['a page', headOf({ 'content-type': 'text/html' }), Code.Unknown, 'unsupported content type text/html'],
    ['a proxy that is alone', headOf({ ':status': 502 }), Code.Unavailable, 'HTTP 502'],
    [
      'compression',
      headOf({ ...GRPC, 'grpc-encoding': 'gzip' }),
      Code.Internal,
      'unsupported response encoding "gzip"',
    ],
    ['a compressed message', (stream) => reply(stream, frame(sandbox, 1)), Code.Internal, 'compression is off'],
    ['no message', (stream) => reply(stream, Buffer.alloc(0)), Code.Unimplemented, 'missing output message'],
    [
      'two messages',
      (stream) => reply(stream, Buffer.concat([frame(sandbox), frame(sandbox)])),
      Code.Unimplemented,
      'extra output message',
    ],
    ['half a message', (stream) => reply(stream, frame(sandbox).subarray(0, 8)), Code.Internal, 'incomplete'],
    [
      'a message that is not one',
      (stream) => reply(stream, frame(Buffer.alloc(9, 255))),
      Code.Internal,
      'parse binary',
    ],
    [
      'a message above the limit',
      (stream) => reply(stream, Buffer.from([0, 0xff, 0, 0, 0])),
      Code.ResourceExhausted,
      'larger than',
    ],
    ['a refusal of the stream', (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM), Code.Unavailable, '0x7'],
    ['a cancel', (stream) => stream.close(constants.NGHTTP2_CANCEL), Code.Canceled, '0x8'],
    ['a wish for calm', (stream) => stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM), Code.ResourceExhausted, '0xb'],
    [
      'too little security',
      (stream) => stream.close(constants.NGHTTP2_INADEQUATE_SECURITY),
      Code.PermissionDenied,
      '0xc',
    ],
    ['an error of the protocol', (stream) => stream.close(constants.NGHTTP2_PROTOCOL_ERROR), Code.Internal, '0x1'],
    ['a close without a word', (stream) => stream.close(constants.NGHTTP2_NO_ERROR), Code.Unavailable, '0x0'],
  ])('of %s is an error that says so', async (_, answer, code, text) => {
    await using raw = await startRawGrpc(answer)
    const error = await failureOf(get(raw))
    expect([Code[error.code], error.rawMessage]).toEqual([Code[code], expect.stringContaining(text)])
  })

  test('keeps what came with its status', async () => {
    const trailer = { 'grpc-status': '3', 'grpc-status-details-bin': 'CAMSAmhp', 'x-request-id': 'r1' }
    await using raw = await startRawGrpc((stream) => reply(stream, Buffer.alloc(0), trailer))
    const { metadata, details } = await failureOf(get(raw))
    expect(Object.fromEntries(metadata)).toMatchObject(trailer)
    expect(details).toEqual([])
    await expect.poll(() => raw.resets).toEqual([0])
  })

  test('says in the chain of causes that a refused stream was not looked at', async () => {
    await using raw = await startRawGrpc((stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM))
    expect(String((await failureOf(get(raw))).cause)).toContain('NGHTTP2_REFUSED_STREAM')
  })

  test('is whole when it comes byte by byte, and leaves no reset behind', async () => {
    await using raw = await startRawGrpc((stream) => {
      stream.respond(GRPC, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
      for (const byte of frame(sandbox)) stream.write(Uint8Array.of(byte))
      stream.end()
    })
    expect([await get(raw), await get(raw)]).toEqual(['box', 'box'])
    await expect.poll(() => raw.resets).toEqual([0, 0])
  })
})

describe('the end of a call', () => {
  test('tells the gateway the limit, and resets the stream when it is over', async () => {
    const timeouts: unknown[] = []
    await using raw = await startRawGrpc(() => undefined)
    raw.server.prependListener('stream', (_, headers) => timeouts.push(headers['grpc-timeout']))
    expect(await failureOf(get(raw, undefined, 30))).toMatchObject({ code: Code.DeadlineExceeded })
    await expect.poll(() => raw.resets).toEqual([constants.NGHTTP2_CANCEL])
    expect(timeouts).toEqual(['30m'])
  })

  test('comes at once with an abort, whose reason it keeps, and resets the stream', async () => {
    const stop = new AbortController()
    await using raw = await startRawGrpc(() => stop.abort(new Error('enough')))
    expect(await failureOf(get(raw, stop.signal))).toMatchObject({ code: Code.Canceled, rawMessage: 'enough' })
    await expect.poll(() => raw.resets).toEqual([constants.NGHTTP2_CANCEL])
  })

  test('before it was sent sends nothing', async () => {
    await using raw = await startRawGrpc((stream) => reply(stream, frame(sandbox)))
    const opening = new AbortController()
    const early = failureOf(get(raw, opening.signal))
    opening.abort()
    expect([(await early).code, (await failureOf(get(raw, AbortSignal.abort()))).code]).toEqual([
      Code.Canceled,
      Code.Canceled,
    ])
    expect(await get(raw)).toBe('box')
    await expect.poll(() => raw.resets).toEqual([0])
  })

  test('by a lost connection is an error before the reply and within it', async () => {
    await using raw = await startRawGrpc((stream, call) => {
      if (call === 1) stream.respond(GRPC)
      setImmediate(() => sockets.at(-1)?.destroy())
    })
    const sockets: Socket[] = []
    raw.server.on('connection', (socket) => sockets.push(socket))
    const codes = [await failureOf(get(raw)), await failureOf(get(raw))].map(({ code }) => code)
    expect(codes).toEqual([Code.Canceled, Code.Canceled])
  })

  test('with the connection rejects what runs, and opens nothing afterwards', async () => {
    await using raw = await startRawGrpc(() => void raw.connection.close())
    await failureOf(get(raw))
    await failureOf(get(raw))
    expect(raw.sessions.size).toBe(1)
  })
})

test('headers that cannot be sent are refused before anything is', async () => {
  await using raw = await startRawGrpc((stream) => reply(stream, frame(sandbox)))
  await failureOf(get(raw, undefined, undefined, { 'x-bad': 'a\r\nb' }))
  await failureOf(get(raw, undefined, undefined, { 'not a name': 'a' }))
  expect(raw.sessions.size).toBe(0)
})

describe('a reply of several messages', () => {
  const exec = async ({ transport }: RawGrpc, signal?: AbortSignal) =>
    (await transport.stream(execSandbox, signal, undefined, undefined, one({}))).message[Symbol.asyncIterator]()

  test('is read message by message from one frame of HTTP/2, and its largest from many', async () => {
    const sizes = [1, 0, 40, 20 * MIB, 2]
    await using raw = await startRawGrpc((stream) =>
      reply(stream, Buffer.concat(sizes.map((size) => frame(output(Buffer.alloc(size, 'x')))))),
    )
    const seen: unknown[] = []
    const events = await exec(raw)
    for (let next = await events.next(); !next.done; next = await events.next()) {
      if (next.value.payload.case === 'stdout') seen.push(next.value.payload.value.data.length)
    }
    expect(seen).toEqual(sizes)
  })

  test('gives what arrived before its error, and then the error', async () => {
    await using raw = await startRawGrpc((stream) =>
      reply(stream, Buffer.concat([frame(output(Buffer.from('a'))), frame(output(Buffer.from('b')))]), {
        'grpc-status': '14',
      }),
    )
    const events = await exec(raw)
    expect([(await events.next()).done, (await events.next()).done]).toEqual([false, false])
    expect(await failureOf(events.next())).toMatchObject({ code: Code.Unavailable })
    expect((await events.next()).done).toBe(true)
  })

  test('makes the other side wait for a slow reader, and comes whole', async () => {
    let sent = 0
    await using raw = await startRawGrpc((stream) => {
      stream.respond(GRPC, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
      const piece = frame(output(Buffer.alloc(64 * 1024)))
      const write = () => {
        while (sent < 32 * MIB) {
          sent += 64 * 1024
          if (!stream.write(piece)) return void stream.once('drain', write)
        }
        stream.end()
      }
      write()
    })
    const events = await exec(raw)
    await events.next()
    // The window of a call, and what both ends hold besides.
    expect(await untilStill(() => sent)).toBeLessThan(3 * MIB)
    let count = 1
    for (let next = await events.next(); !next.done; next = await events.next()) count += 1
    expect(count).toBe(512)
  })

  test('rejects at once on an abort, and drops what was not read', async () => {
    const stop = new AbortController()
    await using raw = await startRawGrpc((stream) => {
      stream.respond(GRPC)
      stream.write(Buffer.concat([frame(output(Buffer.from('a'))), frame(output(Buffer.from('b')))]))
    })
    const events = await exec(raw, stop.signal)
    await events.next()
    stop.abort()
    expect(await failureOf(events.next())).toMatchObject({ code: Code.Canceled })
    await expect.poll(() => raw.resets).toEqual([constants.NGHTTP2_CANCEL])
  })

  test('is cancelled when its reader leaves', async () => {
    await using raw = await startRawGrpc((stream) => {
      stream.respond(GRPC)
      stream.write(frame(output(Buffer.from('a'))))
    })
    const events = await exec(raw)
    await events.next()
    await events.return?.()
    expect((await events.next()).done).toBe(true)
    await expect.poll(() => raw.resets).toEqual([constants.NGHTTP2_CANCEL])
  })
})

describe('messages of a caller', () => {
  test('wait for a connection that takes no more, and end when the call does', async () => {
    let made = 0
    let ended = false
    async function* endless() {
      try {
        for (;;) {
          made += 1
          yield { payload: { case: 'stdin' as const, value: Buffer.alloc(64 * 1024) } }
        }
      } finally {
        ended = true
      }
    }
    let call: ServerHttp2Stream | undefined
    await using raw = await startRawGrpc((stream) => {
      call = stream
      stream.respond(GRPC, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    })
    const { message } = await raw.transport.stream(execSandboxInteractive, undefined, undefined, undefined, endless())
    expect(await untilStill(() => made)).toBeLessThan(64)
    call?.end()
    expect((await message[Symbol.asyncIterator]().next()).done).toBe(true)
    await expect.poll(() => ended).toBe(true)
  })

  test('that fail, fail the call with their reason', async () => {
    const failing = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('no more')) }) }
    await using raw = await startRawGrpc(() => undefined)
    const call = raw.transport.stream(execSandboxInteractive, undefined, undefined, undefined, failing)
    expect(await failureOf(call)).toMatchObject({ rawMessage: 'no more' })
  })

  test('of up to 1 MiB are sent, and larger ones are not', async () => {
    await using raw = await startRawGrpc((stream) => reply(stream, frame(sandbox)))
    const send = (bytes: number) =>
      raw.transport.unary(getSandbox, undefined, undefined, undefined, { name: 'n'.repeat(bytes - NAME_PREFIX_BYTES) })
    expect(await failureOf(send(MIB + 1))).toMatchObject({
      code: Code.ResourceExhausted,
      rawMessage: expect.stringContaining('writeMaxBytes'),
    })
    expect(raw.sessions.size).toBe(0)
    expect((await send(MIB)).message.sandbox?.metadata?.name).toBe('box')
  })

  test('of a forward go on after the good end of the reply, which reads as an empty message', async () => {
    const received: Buffer[] = []
    let finish = () => {}
    const more = new Promise<void>((resolve) => {
      finish = resolve
    })
    async function* late() {
      await more
      yield { payload: { case: 'data' as const, value: Buffer.from('late') } }
    }
    let allReceived: Promise<unknown> | undefined
    await using raw = await startRawGrpc((stream) => {
      stream.on('data', (chunk: Buffer) => received.push(chunk))
      allReceived = once(stream, 'end')
      reply(stream, Buffer.alloc(0))
    })
    const { message } = await raw.transport.stream(forwardTcp, undefined, undefined, undefined, late())
    const frames = message[Symbol.asyncIterator]()
    expect((await frames.next()).value?.payload.case).toBeUndefined()
    finish()
    expect((await frames.next()).done).toBe(true)
    await allReceived
    expect(Buffer.concat(received).toString()).toContain('late')
  })
})

test('aborts in 200 races with replies leave no stray rejection', async () => {
  const stray: unknown[] = []
  const listen = (reason: unknown) => stray.push(reason)
  process.on('unhandledRejection', listen)
  onTestFinished(() => void process.off('unhandledRejection', listen))
  await using raw = await startRawGrpc((stream) => reply(stream, frame(output(Buffer.from('x')))))
  for (let round = 0; round < 200; round += 1) {
    const stop = new AbortController()
    const open = raw.transport.stream(execSandboxInteractive, stop.signal, undefined, undefined, none())
    const reading = open.then(async ({ message }) => {
      for await (const _ of message);
    })
    for (let turn = 0; turn < round % 12; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    stop.abort()
    await reading.catch(() => undefined)
  }
  expect(stray).toEqual([])
})
