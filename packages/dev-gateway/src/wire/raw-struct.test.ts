import { create, toBinary } from '@bufbuild/protobuf'
import { StructSchema } from '@bufbuild/protobuf/wkt'
import { CreateSandboxRequestSchema } from '@openshell-ts/protocol/v0-0'
import { expect, test } from 'vitest'
import { asUnknownField, encodeStruct, structAt } from './raw-struct.js'

const envelopePath = [1, 6, 11]
const kindless = { $typeName: 'google.protobuf.Value', kind: { case: undefined } } as const

test('reads the envelope out of an encoded request', () => {
  const request = create(CreateSandboxRequestSchema, { spec: { template: { driverConfig: { acme: { a: 1 } } } } })
  const envelope = structAt(toBinary(CreateSandboxRequestSchema, request), envelopePath)
  expect(Object.keys(envelope?.fields ?? {})).toEqual(['acme'])
})

test('a request without an envelope has none', () => {
  const bytes = toBinary(CreateSandboxRequestSchema, create(CreateSandboxRequestSchema, { name: 'box', spec: {} }))
  expect(structAt(bytes, envelopePath)).toBeUndefined()
})

test('writes keys in the order of their bytes', () => {
  const fields = { '￿': kindless, '𝄞': kindless, b: kindless, B: kindless }
  const order = structAt(encodeStruct(create(StructSchema, { fields })), [])
  expect(Object.keys(order?.fields ?? {})).toEqual(['B', 'b', '￿', '𝄞'])
})

test('a Value without kind is an entry without a value', () => {
  const bytes = encodeStruct(create(StructSchema, { fields: { a: kindless } }))
  expect(Buffer.from(bytes).toString('hex')).toBe('0a030a0161')
})

test('an empty key is not written', () => {
  const bytes = encodeStruct(create(StructSchema, { fields: { '': kindless } }))
  expect(Buffer.from(bytes).toString('hex')).toBe('0a00')
})

test.each([
  ['null', { case: 'nullValue', value: 0 }],
  ['NaN', { case: 'numberValue', value: Number.NaN }],
  ['minus zero', { case: 'numberValue', value: -0 }],
  ['an empty text', { case: 'stringValue', value: '' }],
  ['false', { case: 'boolValue', value: false }],
] as const)('%s survives encoding', (_name, kind) => {
  const struct = create(StructSchema, {
    fields: { list: { kind: { case: 'listValue', value: { values: [{ kind }] } } } },
  })
  const read = structAt(encodeStruct(struct), [])
  expect(read?.fields['list']?.kind).toMatchObject({ value: { values: [{ kind }] } })
})

test('an unknown field is written as the field that it stands for', () => {
  const request = create(CreateSandboxRequestSchema)
  request.$unknown = [asUnknownField(2, new TextEncoder().encode('box'))]
  expect(Buffer.from(toBinary(CreateSandboxRequestSchema, request)).toString('latin1')).toBe('\x12\x03box')
})
