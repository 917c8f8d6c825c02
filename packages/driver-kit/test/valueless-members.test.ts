import { create, type MessageInitShape, toBinary, type UnknownField } from '@bufbuild/protobuf'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { StructSchema, type ValueSchema } from '@bufbuild/protobuf/wkt'
import { status as codes } from '@grpc/grpc-js'
import { DriverSandboxTemplateSchema } from '@openshell-ts/protocol/compute'
import Type from 'typebox'
import { expect, test } from 'vitest'
import { defineDriver, defineDriverConfig, opaque } from '../src/index.js'
import { memoryBackend, memoryHandlers } from './memory-driver.js'
import { rejection, richDetails } from './rejection.js'
import { sandboxMessage, serveInTest } from './serve-in-test.js'

type Value = MessageInitShape<typeof ValueSchema>

const number = (value: number): Value => ({ kind: { case: 'numberValue', value } })
const text = (value: string): Value => ({ kind: { case: 'stringValue', value } })
const list = (...values: Value[]): Value => ({ kind: { case: 'listValue', value: { values } } })
const object = (fields: Record<string, Value>): Value => ({ kind: { case: 'structValue', value: { fields } } })
const nothing: Value = { kind: { case: undefined } }
const none: Value = { kind: { case: 'nullValue', value: 0 } }

/** A config in which null is a value like any other, so that only its origin tells the two apart. */
const config = defineDriverConfig('acme')
  .version(
    1,
    Type.Object({
      note: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      bag: Type.Optional(opaque('passed on')),
    }),
    {
      examples: {
        minimal: {},
        full: { note: null, bag: {} },
        invalid: [{ value: { note: 1 }, code: 'TYPE_MISMATCH', path: 'driver_config.note' }],
      },
    },
  )
  .build()

function acme() {
  return defineDriver({ ...memoryHandlers(memoryBackend()), name: 'acme', version: '1.0.0', config })
}

/** A sandbox whose block is a Struct as it stands on the wire, which may hold what JSON has no word for. */
function withBlock(fields: Record<string, Value>) {
  const bytes = toBinary(StructSchema, create(StructSchema, { fields }))
  const data = new BinaryWriter().bytes(bytes).finish()
  const block: UnknownField = { no: 12, wireType: WireType.LengthDelimited, data }
  const template = create(DriverSandboxTemplateSchema, { image: 'acme/base:1' })
  template.$unknown = [block]
  return sandboxMessage('one', { spec: { command: ['/bin/true'] }, template })
}

test.each<[string, Record<string, Value>, string[], string]>([
  ['a member without a value', { note: nothing }, ['driver_config.note'], 'a Value without kind'],
  [
    'such a member in a list',
    { bag: object({ list: list(none, nothing) }) },
    ['driver_config.bag.list[1]'],
    'a Value without kind',
  ],
  [
    'several',
    { note: nothing, bag: object({ deep: object({ er: nothing }) }) },
    ['driver_config.note', 'driver_config.bag.deep.er'],
    'a Value without kind',
  ],
  ['NaN', { bag: object({ n: number(Number.NaN) }) }, ['driver_config.bag.n'], 'a number that is not finite'],
  [
    'infinity',
    { bag: object({ n: list(number(Number.NEGATIVE_INFINITY)) }) },
    ['driver_config.bag.n[0]'],
    'a number that is not finite',
  ],
])('%s is refused with its place', async (_, fields, paths, received) => {
  await using served = await serveInTest(acme())
  const error = await rejection(served.client.unary('validateSandboxCreate', { sandbox: withBlock(fields) }))
  expect(error.code).toBe(codes.INVALID_ARGUMENT)
  expect(error.details).toContain(`must be a JSON value, got ${received}`)
  const violations = richDetails(error)?.badRequest?.fieldViolations.map(({ field, reason }) => [field, reason])
  expect(violations?.sort()).toEqual(paths.map((path) => [path, 'VALUE_NOT_JSON']).sort())
  expect((await rejection(served.client.unary('createSandbox', { sandbox: withBlock(fields) }))).code).not.toBe(
    codes.OK,
  )
  expect((await served.client.unary('listSandboxes', {})).sandboxes).toEqual([])
})

test('a null that was written is a null', async () => {
  await using served = await serveInTest(acme())
  const sandbox = withBlock({ note: none, bag: object({ list: list(none, text('x'), number(-0)) }) })
  await served.client.unary('createSandbox', { sandbox })
})
