import { create, toBinary } from '@bufbuild/protobuf'
import { type Struct, StructSchema, ValueSchema } from '@bufbuild/protobuf/wkt'
import { CreateSandboxRequestSchema } from '@openshell-ts/protocol/v0-0'
import { describe, expect, test } from 'vitest'
import { encodeStruct } from '../wire/raw-struct.js'
import { describeEncodingProblem } from './check-encoding.js'

const check = (...bytes: number[]) => describeEncodingProblem(CreateSandboxRequestSchema, new Uint8Array(bytes))

const blockField = 11
const resourcesField = 7

/** A template whose field has a block with this many object levels; the innermost is empty or holds a scalar. */
function nested(levels: number, scalar: boolean, field = blockField): Uint8Array {
  let innermost: Struct = create(
    StructSchema,
    scalar ? { fields: { a: { kind: { case: 'boolValue', value: true } } } } : {},
  )
  for (let level = 1; level < levels; level++) {
    innermost = create(StructSchema, { fields: { a: { kind: { case: 'structValue', value: innermost } } } })
  }
  if (field !== blockField) return template(field, innermost)
  return template(
    field,
    create(StructSchema, { fields: { acme: { kind: { case: 'structValue', value: innermost } } } }),
  )
}

/** An envelope whose block has so many lists in each other under one key. */
function nestedLists(levels: number): Uint8Array {
  let value = create(ValueSchema, { kind: { case: 'listValue', value: {} } })
  for (let level = 1; level < levels; level++) {
    value = create(ValueSchema, { kind: { case: 'listValue', value: { values: [value] } } })
  }
  const block = create(StructSchema, { fields: { a: value } })
  return template(
    blockField,
    create(StructSchema, { fields: { acme: { kind: { case: 'structValue', value: block } } } }),
  )
}

const template = (field: number, struct: Struct) => wrap(1, wrap(6, wrap(field, encodeStruct(struct))))

function wrap(field: number, bytes: Uint8Array): Uint8Array {
  const length = bytes.length
  const prefix = length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7]
  return new Uint8Array([(field << 3) | 2, ...prefix, ...bytes])
}

describe('depth', () => {
  test.each([
    [32, false, true],
    [33, false, false],
    [31, true, true],
    [32, true, false],
  ])('%i object levels, scalar inside %s: accepted %s', (levels, scalar, accepted) => {
    const problem = describeEncodingProblem(CreateSandboxRequestSchema, nested(levels, scalar))
    expect(problem === undefined).toBe(accepted)
  })

  test.each([
    [46, true],
    [47, false],
  ])('%i lists in each other: accepted %s', (levels, accepted) => {
    expect(describeEncodingProblem(CreateSandboxRequestSchema, nestedLists(levels)) === undefined).toBe(accepted)
  })

  test.each([
    [33, true],
    [34, false],
  ])('%i object levels of resources, which are no block: accepted %s', (levels, accepted) => {
    const problem = describeEncodingProblem(CreateSandboxRequestSchema, nested(levels, false, resourcesField))
    expect(problem === undefined).toBe(accepted)
  })

  test('the refusal names the path, innermost first', () => {
    const problem = describeEncodingProblem(CreateSandboxRequestSchema, nested(33, false))
    expect(problem).toMatch(
      /^Struct\.fields: (Value\.kind: Struct\.fields: )+SandboxTemplate\.driver_config: SandboxSpec\.template: CreateSandboxRequest\.spec: recursion limit reached$/,
    )
  })

  test('bytes nested a million times deep are refused without recursion', () => {
    const deep = new Uint8Array(100_000).fill(0x0a)
    expect(describeEncodingProblem(StructSchema, deep)).toMatch(/buffer underflow|recursion limit reached/)
  })
})

test('a complete request has no problem', () => {
  const request = create(CreateSandboxRequestSchema, {
    name: 'box',
    labels: { a: 'b' },
    spec: { command: ['sh'], tty: true, resourceRequirements: { gpu: { count: 2 } }, environment: { K: 'v' } },
  })
  expect(
    describeEncodingProblem(CreateSandboxRequestSchema, toBinary(CreateSandboxRequestSchema, request)),
  ).toBeUndefined()
})

test.each([
  ['a wrong wire type', [0x10, 1], 'CreateSandboxRequest.name: invalid wire type: Varint (expected LengthDelimited)'],
  ['a length past the end', [0x12, 5, 0x61], 'CreateSandboxRequest.name: buffer underflow'],
  [
    'text that is not UTF-8',
    [0x12, 1, 0xff],
    'CreateSandboxRequest.name: invalid string value: data is not UTF-8 encoded',
  ],
  ['field number 0', [0x00], 'invalid tag value: 0'],
  ['wire type 7', [0x0f], 'invalid wire type value: 7'],
  ['a varint without end', [0xff], 'invalid varint'],
])('%s', (_name, bytes, problem) => {
  expect(check(...bytes)).toBe(problem)
})

test('unknown fields of every wire type are passed over', () => {
  const unknown = [0x98, 0x06, 1, 0x99, 0x06, 1, 2, 3, 4, 5, 6, 7, 8, 0x9a, 0x06, 1, 9, 0x9d, 0x06, 1, 2, 3, 4]
  expect(check(...unknown)).toBeUndefined()
})
