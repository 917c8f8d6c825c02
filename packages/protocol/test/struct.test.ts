import { create, fromBinary, type JsonValue, toBinary } from '@bufbuild/protobuf'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { expect, test } from 'vitest'
import { DriverSandboxTemplateSchema } from '../src/compute.js'
import { CreateSandboxRequestSchema } from '../src/v0-0.js'

const driverConfigField = 12

/** A template whose driver_config has one entry: the key `a`, and these bytes as its Value. */
function templateWithValue(value: Uint8Array | undefined): Uint8Array {
  const entry = new BinaryWriter().tag(1, WireType.LengthDelimited).string('a')
  if (value) entry.tag(2, WireType.LengthDelimited).bytes(value)
  const struct = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(entry.finish())
  return new BinaryWriter().tag(driverConfigField, WireType.LengthDelimited).bytes(struct.finish()).finish()
}

function numberValue(value: number): Uint8Array {
  return new BinaryWriter().tag(2, WireType.Bit64).double(value).finish()
}

function readBlock(bytes: Uint8Array): unknown {
  return fromBinary(DriverSandboxTemplateSchema, bytes).driverConfig
}

test.each([
  ['an empty Value', new Uint8Array()],
  ['no Value at all', undefined],
])('an entry with %s reads as null', (_what, value) => {
  expect(readBlock(templateWithValue(value))).toEqual({ a: null })
})

test.each([1.5, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  'the number %d arrives as it is',
  (value) => {
    const block = readBlock(templateWithValue(numberValue(value)))
    expect((block as { a: number }).a).toBe(value)
  },
)

test('an absent block and an empty one stay apart', () => {
  const absent = toBinary(DriverSandboxTemplateSchema, create(DriverSandboxTemplateSchema))
  const empty = toBinary(DriverSandboxTemplateSchema, create(DriverSandboxTemplateSchema, { driverConfig: {} }))
  expect([readBlock(absent), readBlock(empty)]).toEqual([undefined, {}])
})

test('a key named __proto__ is an entry like any other', () => {
  const block = JSON.parse('{"__proto__": {"polluted": true}}')
  const bytes = toBinary(DriverSandboxTemplateSchema, create(DriverSandboxTemplateSchema, { driverConfig: block }))
  const read = readBlock(bytes) as object
  expect(Object.keys(read)).toEqual(['__proto__'])
  expect('polluted' in read).toBe(false)
})

function nestedObjects(levels: number, innermost: JsonValue): JsonValue {
  return levels === 0 ? innermost : { a: nestedObjects(levels - 1, innermost) }
}

function nestedLists(levels: number): JsonValue {
  return levels === 0 ? [] : [nestedLists(levels - 1)]
}

function requestWithBlock(acme: JsonValue): Uint8Array {
  const request = create(CreateSandboxRequestSchema, { spec: { template: { driverConfig: { acme } } } })
  return toBinary(CreateSandboxRequestSchema, request)
}

// What OpenShell's own gateway reads at most; a block is level 1.
test.each([
  ['31 objects around a text', nestedObjects(31, 'x')],
  ['32 objects, the innermost empty', nestedObjects(31, {})],
  ['46 lists under a key', { a: nestedLists(45) }],
])('a block as deep as a gateway lets through can be read: %s', (_what, block) => {
  const read = fromBinary(CreateSandboxRequestSchema, requestWithBlock(block))
  expect(read.spec?.template?.driverConfig).toEqual({ acme: block })
})

test('a block without end is refused before it exhausts the stack', () => {
  expect(() => fromBinary(CreateSandboxRequestSchema, requestWithBlock(nestedObjects(100, 'x')))).toThrow(
    'maximum recursion depth',
  )
})
