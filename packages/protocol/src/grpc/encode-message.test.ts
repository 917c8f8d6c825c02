import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'
import { ExecSandboxEventSchema, ExecSandboxInputSchema, RelayFrameSchema } from '../v0-0.js'
import { encodeBytesHead, encodeMessage, encodeMessageParts } from './encode-message.js'

const lengths = [0, 1, 127, 128, 16_384, 70_000]

test.each(lengths)('a relay frame of %i bytes is encoded as protobuf-es encodes it', (length) => {
  const frame = create(RelayFrameSchema, { payload: { case: 'data', value: new Uint8Array(length).fill(7) } })
  expect(encodeMessage(RelayFrameSchema, frame).equals(toBinary(RelayFrameSchema, frame))).toBe(true)
})

test.each(lengths)('output of %i bytes is encoded as protobuf-es encodes it', (length) => {
  const data = new Uint8Array(length).fill(7)
  const event = create(ExecSandboxEventSchema, { payload: { case: 'stderr', value: { data } } })
  expect(encodeMessage(ExecSandboxEventSchema, event).equals(toBinary(ExecSandboxEventSchema, event))).toBe(true)
})

test('members that carry no bytes are encoded as protobuf-es encodes them', () => {
  const exit = create(ExecSandboxEventSchema, { payload: { case: 'exit', value: { exitCode: 3 } } })
  expect(encodeMessage(ExecSandboxEventSchema, exit).equals(toBinary(ExecSandboxEventSchema, exit))).toBe(true)
  const empty = create(ExecSandboxInputSchema)
  expect(encodeMessage(ExecSandboxInputSchema, empty)).toHaveLength(0)
})

test('fields of a later version that a message holds are kept', () => {
  const output = [0x0a, 0x01, 0x61]
  const later = [0x98, 0x06, 0x05]
  const outside = Uint8Array.of(0x0a, 3, ...output, ...later)
  const inside = Uint8Array.of(0x0a, 6, ...output, ...later)
  for (const bytes of [outside, inside]) {
    const event = fromBinary(ExecSandboxEventSchema, bytes)
    expect([...encodeMessage(ExecSandboxEventSchema, event)]).toEqual([...bytes])
  }
})

test('a head and its bytes are the message', () => {
  const data = new Uint8Array(300).fill(7)
  const head = encodeBytesHead(RelayFrameSchema, 'data', data.length)
  const frame = create(RelayFrameSchema, { payload: { case: 'data', value: data } })
  expect(Buffer.concat([head, data]).equals(toBinary(RelayFrameSchema, frame))).toBe(true)
})

test('a member without bytes has no head', () => {
  expect(() => encodeBytesHead(RelayFrameSchema, 'init', 3)).toThrow(TypeError)
})

test('carried bytes are a part of their own, and are not copied', () => {
  const data = new Uint8Array(300)
  const [head, bytes] = encodeMessageParts(
    ExecSandboxEventSchema,
    create(ExecSandboxEventSchema, { payload: { case: 'stdout', value: { data } } }),
  )
  expect(bytes?.buffer).toBe(data.buffer)
  expect(head.length + data.length).toBe(
    toBinary(ExecSandboxEventSchema, fromBinary(ExecSandboxEventSchema, Buffer.concat([head, data]))).length,
  )
})
