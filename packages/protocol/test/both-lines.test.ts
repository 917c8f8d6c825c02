import { create, type DescMessage, equals, fromBinary, type Message, toBinary, toJson } from '@bufbuild/protobuf'
import { reflect } from '@bufbuild/protobuf/reflect'
import { TimestampSchema } from '@bufbuild/protobuf/wkt'
import { describe, expect, test } from 'vitest'
import * as compute from '../src/compute.js'
import { buildMessages } from './build-messages.js'
import { sampleMessage } from './sample-message.js'
import { packageOf, readWireTables } from './wire-table.js'

const name = 'openshell.compute.v1'
const tables01 = readWireTables('compute-0.1.2.json')
const table00 = packageOf(readWireTables('openshell-0.0.111.json'), name)
const table01 = packageOf(tables01, name)

const lines = [
  { line: '0.0', table: table00, peer: buildMessages(table00) },
  { line: '0.1', table: table01, peer: buildMessages(packageOf(tables01, 'openshell.extension.v1'), table01) },
]

const exported: readonly unknown[] = Object.values(compute)

function ours(shortName: string): DescMessage {
  const found = exported.filter(isMessage).find((message) => message.name === shortName)
  if (!found) throw new Error(`/compute exports no message ${shortName}.`)
  return found
}

function isMessage(value: unknown): value is DescMessage {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'message'
}

/** What a peer keeps of bytes that it received: the fields that it knows. */
function passThrough(schema: DescMessage, bytes: Uint8Array): Uint8Array {
  return toBinary(schema, fromBinary(schema, bytes), { writeUnknownFields: false })
}

describe.each(lines)('line $line', ({ table, peer }) => {
  const messages = Object.keys(table.messages).map((typeName) => typeName.slice(name.length + 1))

  test.each(messages)('reads each of its fields from our %s, and nothing else', (shortName) => {
    for (const choice of [0, 1, 2]) {
      const [mine, theirs] = [ours(shortName), peer(shortName)]
      const sample = sampleMessage(mine, choice)
      const kept = fromBinary(mine, passThrough(theirs, toBinary(mine, sample)))
      expect(toJson(mine, kept)).toEqual(toJson(mine, withoutForeignFields(mine, theirs, sample)))
    }
  })

  test.each(messages)('is understood in full when it writes %s', (shortName) => {
    for (const choice of [0, 1, 2]) {
      const [mine, theirs] = [ours(shortName), peer(shortName)]
      const sample = sampleMessage(theirs, choice)
      const returned = fromBinary(theirs, passThrough(mine, toBinary(theirs, sample)))
      expect(equals(theirs, returned, sample), JSON.stringify(toJson(theirs, returned))).toBe(true)
    }
  })
})

/** A copy of a message with the fields that the peer declares too, by number, at each depth. */
function withoutForeignFields(mine: DescMessage, theirs: DescMessage, message: Message): Message {
  const source = reflect(mine, message)
  const copy = reflect(mine)
  for (const field of source.fields.filter((one) => source.isSet(one))) {
    const known = theirs.fields.find((one) => one.number === field.number)
    if (!known) continue
    const prune = (value: unknown, nested: DescMessage) =>
      known.message
        ? reflect(nested, withoutForeignFields(nested, known.message, (value as { message: Message }).message))
        : value
    if (field.fieldKind === 'message') copy.set(field, prune(source.get(field), field.message))
    else if (field.fieldKind === 'list' && field.message) {
      for (const item of source.get(field)) copy.get(field).add(prune(item, field.message))
    } else copy.set(field, source.get(field))
  }
  return copy.message
}

describe('one answer for both lines', () => {
  const seconds = 1_750_000_000n
  const moment = create(TimestampSchema, { seconds })

  const condition = toBinary(
    compute.DriverConditionSchema,
    create(compute.DriverConditionSchema, {
      type: 'Ready',
      lastTransitionTime: '2025-06-15T15:06:40Z',
      transitionTime: moment,
    }),
  )
  const event = toBinary(
    compute.DriverPlatformEventSchema,
    create(compute.DriverPlatformEventSchema, { timestampMs: seconds * 1000n, eventTime: moment }),
  )

  test('a condition tells each line its time', () => {
    expect(read('0.0', 'DriverCondition', condition)).toEqual({
      type: 'Ready',
      lastTransitionTime: '2025-06-15T15:06:40Z',
    })
    expect(read('0.1', 'DriverCondition', condition)).toEqual({
      type: 'Ready',
      transitionTime: '2025-06-15T15:06:40Z',
    })
  })

  test('a platform event tells each line its time', () => {
    expect(read('0.0', 'DriverPlatformEvent', event)).toEqual({ timestampMs: '1750000000000' })
    expect(read('0.1', 'DriverPlatformEvent', event)).toEqual({ eventTime: '2025-06-15T15:06:40Z' })
  })

  test.each(['GetSandboxRequest', 'StopSandboxRequest', 'StartSandboxRequest', 'DeleteSandboxRequest'])(
    'the name in %s is the same bytes under both names',
    (shortName) => {
      const request = create(compute.StopSandboxRequestSchema, { sandboxId: 'id', name: 'web' })
      const bytes = toBinary(compute.StopSandboxRequestSchema, request)
      expect(read('0.0', shortName, bytes)).toEqual({ sandboxId: 'id', sandboxName: 'web' })
      expect(read('0.1', shortName, bytes)).toEqual({ sandboxId: 'id', name: 'web' })
    },
  )

  test('a capabilities answer carries the handshake of line 0.1, which line 0.0 skips', () => {
    const bytes = toBinary(
      compute.GetCapabilitiesResponseSchema,
      create(compute.GetCapabilitiesResponseSchema, {
        driverName: 'acme',
        extension: { protocolVersion: { major: 1 }, implementationName: 'acme/driver' },
        resourceAdmissionPolicy: 'v1:{}',
      }),
    )
    expect(read('0.0', 'GetCapabilitiesResponse', bytes)).toEqual({ driverName: 'acme' })
    expect(read('0.1', 'GetCapabilitiesResponse', bytes)).toEqual({
      driverName: 'acme',
      extension: { protocolVersion: { major: 1 }, implementationName: 'acme/driver' },
      resourceAdmissionPolicy: 'v1:{}',
    })
  })

  function read(line: string, shortName: string, bytes: Uint8Array): unknown {
    const schema = lines.find((one) => one.line === line)?.peer(shortName)
    if (!schema) throw new Error(`There is no line ${line}.`)
    return toJson(schema, fromBinary(schema, bytes))
  }
})
