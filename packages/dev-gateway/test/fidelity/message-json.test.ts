import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { DurationSchema, StructSchema } from '@bufbuild/protobuf/wkt'
import {
  CreateSandboxRequestSchema,
  ExecSandboxEventSchema,
  SandboxPhase,
  SandboxSchema,
} from '@openshell-ts/protocol/v0-0'
import { expect, test } from 'vitest'
import { readMessage, writeMessage } from './message-json.js'

test('a request keeps its nulls, lists and odd numbers on the way to the wire', () => {
  const config = { acme: { list: [1, [true, null]], number: { $num: 'NaN' }, text: 'a', deep: { empty: {} } } }
  const request = readMessage(CreateSandboxRequestSchema, {
    name: 'box',
    spec: { template: { driver_config: config } },
  })
  const sent = fromBinary(CreateSandboxRequestSchema, toBinary(CreateSandboxRequestSchema, request as never))
  expect(writeMessage(CreateSandboxRequestSchema, sent)).toEqual({
    name: 'box',
    spec: { template: { driver_config: { acme: { ...config.acme, number: '<number NaN>' } } } },
  })
})

test('a value without a kind reaches the wire without one', () => {
  const config = { acme: { $kindless: true } }
  const request = readMessage(CreateSandboxRequestSchema, { spec: { template: { driver_config: config } } })
  const bytes = Buffer.from(toBinary(CreateSandboxRequestSchema, request as never))
  expect(bytes.subarray(bytes.indexOf('acme') + 4)).toEqual(Buffer.from([0x12, 0]))
})

test('only set fields are written, with enum names, 64-bit numbers as text and bytes twice', () => {
  const sandbox = create(SandboxSchema, { metadata: { createdAtMs: 7n }, status: { phase: SandboxPhase.READY } })
  expect(writeMessage(SandboxSchema, sandbox)).toEqual({
    metadata: { created_at_ms: '7' },
    status: { phase: 'SANDBOX_PHASE_READY' },
  })
  const event = create(ExecSandboxEventSchema, { payload: { case: 'stdout', value: { data: Buffer.from('hi') } } })
  expect(writeMessage(ExecSandboxEventSchema, event)).toEqual({ stdout: { data: { $bytes: 'aGk=', $text: 'hi' } } })
  expect(writeMessage(DurationSchema, create(DurationSchema, { seconds: 2n }))).toEqual({ seconds: '2' })
  expect(writeMessage(StructSchema, create(StructSchema))).toEqual({})
})
