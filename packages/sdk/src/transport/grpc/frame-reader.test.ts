import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { describe, expect, test } from 'vitest'
import { FrameReader } from './frame-reader.js'

const MESSAGES = [Buffer.alloc(0), Buffer.from('a'), Buffer.from('second'), Buffer.alloc(70_000, 'x')]

function frame(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5)
  prefix.writeUInt32BE(message.length, 1)
  return Buffer.concat([prefix, message])
}

function read(pieces: readonly Uint8Array[], maxBytes = 100_000): string[] {
  const taken: Uint8Array[] = []
  const reader = new FrameReader(maxBytes, (message) => taken.push(message))
  for (const piece of pieces) reader.add(piece)
  return taken.map((message) => Buffer.from(message).toString())
}

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}

const SIZES = [1, 3, 5, 6, 4_096, 1_000_000]

test.each(SIZES)('reads messages from pieces of %i bytes', (size) => {
  expect(read(cut(Buffer.concat(MESSAGES.map(frame)), size))).toEqual(MESSAGES.map(String))
})

test('copies nothing of a message that came in one piece', () => {
  const bytes = frame(Buffer.from('whole'))
  let taken: Uint8Array | undefined
  new FrameReader(10, (message) => {
    taken = message
  }).add(bytes)
  expect(taken?.buffer).toBe(bytes.buffer)
  expect(taken).not.toBeInstanceOf(Buffer)
})

test('knows whether it is inside of a message', () => {
  const reader = new FrameReader(10, () => undefined)
  const insides = [...frame(Buffer.from('ab'))].map((byte) => {
    reader.add(Uint8Array.of(byte))
    return reader.isInside
  })
  expect(insides).toEqual([true, true, true, true, true, true, false])
})

test('refuses a message above the limit before any of it has come', () => {
  expect(read([frame(Buffer.alloc(10))], 10)).toHaveLength(1)
  expect(() => read([frame(Buffer.alloc(11)).subarray(0, 5)], 10)).toThrow('message size 11 is larger than')
  expect(() => read([Uint8Array.of(0, 255, 255, 255, 255)], 10)).toThrow('message size 4294967295')
})

test('refuses a compressed message', () => {
  expect(() => read([Uint8Array.of(1, 0, 0, 0, 0)])).toThrow('compression is off')
})

describe('for bytes that go to a sink', () => {
  const message = (field: number, bytes: Uint8Array | string) => {
    const inner = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(Buffer.from(bytes)).finish()
    return new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(inner).finish()
  }
  const empty = (field: number) => Uint8Array.of(field * 8 + WireType.LengthDelimited, 0)
  const withMore = Buffer.concat([message(1, 'seen'), message(4, 'more')])

  /** What the messages and the sinks of fields 1 and 2 got, in this order. */
  function divert(messages: readonly Uint8Array[], size: number) {
    const got: [from: 'message' | 1 | 2, bytes: string][] = []
    const sink = (field: 1 | 2) => ({ add: (bytes: Uint8Array) => void got.push([field, hex(bytes)]) })
    const sinks = new Map([1, 2].map((field) => [field, sink(field as 1 | 2)]))
    const reader = new FrameReader(100_000, (bytes) => got.push(['message', hex(bytes)]), sinks)
    for (const piece of cut(Buffer.concat(messages.map(frame)), size)) reader.add(piece)
    expect(reader.isInside).toBe(false)
    return got
  }

  const hex = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('hex')
  const bytesOf = (got: ReturnType<typeof divert>, field: 1 | 2) =>
    got.flatMap(([from, bytes]) => (from === field ? [bytes] : [])).join('')
  const messagesOf = (got: ReturnType<typeof divert>) =>
    got.flatMap(([from, bytes]) => (from === 'message' ? [bytes] : []))

  test.each(SIZES)('from pieces of %i bytes, reads the first message alone, without them', (size) => {
    const long = Buffer.alloc(70_000, 'x')
    const got = divert([message(1, 'a'), message(2, 'b'), message(1, ''), message(1, long)], size)
    expect(bytesOf(got, 1)).toBe(hex('a') + hex(long))
    expect(bytesOf(got, 2)).toBe(hex('b'))
    expect(messagesOf(got)).toEqual([hex(empty(1))])
  })

  test('tells of a message before its bytes, when the first of them are there', () => {
    const got: string[] = []
    const sinks = new Map([[1, { add: (bytes: Uint8Array) => void got.push(`bytes ${bytes.length}`) }]])
    const reader = new FrameReader(100_000, () => got.push('message'), sinks)
    const bytes = frame(message(1, Buffer.alloc(10_000)))
    reader.add(bytes.subarray(0, 1_000))
    expect(got).toEqual(['message', 'bytes 989'])
    expect(reader.isInside).toBe(true)
  })

  test.each([
    ['of a field without a sink', message(3, 'c')],
    ['with a field beside the bytes', withMore],
    ['with a field inside of the bytes', Buffer.from('0a050a01611001', 'hex')],
    ['without content', Buffer.alloc(0)],
    ['that is none', Buffer.from([255, 255, 255, 255, 255, 255, 255])],
  ])('keeps the order: from a message %s on, everything is read as usual', (_, other) => {
    const late = message(1, 'late')
    for (const size of SIZES) {
      const got = divert([message(1, 'a'), other, late], size)
      expect(bytesOf(got, 1), `pieces of ${size} bytes`).toBe(hex('a'))
      expect(messagesOf(got), `pieces of ${size} bytes`).toEqual([empty(1), other, late].map(hex))
    }
  })

  test('copies nothing of them', () => {
    const bytes = frame(message(1, 'whole'))
    const taken: Uint8Array[] = []
    new FrameReader(100, () => undefined, new Map([[1, { add: (piece: Uint8Array) => void taken.push(piece) }]])).add(
      bytes,
    )
    expect(taken.map(({ buffer }) => buffer)).toEqual([bytes.buffer])
  })
})
