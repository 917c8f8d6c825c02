import { create, toBinary } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import { GetSandboxRequestSchema } from '@openshell-ts/protocol/v0-0'
import { expect, test } from 'vitest'
import { decodeMessage, messageLimitBytes } from './decode-message.js'

// The field's key and length take four bytes in front of a text of this size.
const ofSize = (bytes: number) =>
  toBinary(GetSandboxRequestSchema, create(GetSandboxRequestSchema, { name: 'n'.repeat(bytes - 4) }))

test('a message of exactly the limit is decoded', () => {
  const bytes = ofSize(messageLimitBytes)
  expect(bytes.length).toBe(messageLimitBytes)
  expect(decodeMessage(GetSandboxRequestSchema, bytes).name.length).toBe(messageLimitBytes - 4)
})

test('one more byte is OUT_OF_RANGE with both sizes', () => {
  expect(() => decodeMessage(GetSandboxRequestSchema, ofSize(messageLimitBytes + 1))).toThrow(
    expect.objectContaining({
      code: status.OUT_OF_RANGE,
      details: 'Error, decoded message length too large: found 1048577 bytes, the limit is: 1048576 bytes',
    }),
  )
})

test('other bytes are INTERNAL with the reason', () => {
  expect(() => decodeMessage(GetSandboxRequestSchema, new Uint8Array([0x08, 1]))).toThrow(
    expect.objectContaining({
      code: status.INTERNAL,
      details:
        'failed to decode Protobuf message: GetSandboxRequest.name: invalid wire type: Varint (expected LengthDelimited)',
    }),
  )
})
