import { expect, test } from 'vitest'
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

test.each([1, 3, 5, 6, 4_096, 1_000_000])('reads messages from pieces of %i bytes', (size) => {
  const bytes = Buffer.concat(MESSAGES.map(frame))
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
  expect(read(pieces)).toEqual(MESSAGES.map(String))
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
