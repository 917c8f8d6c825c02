import type { DescField, DescMessage } from '@bufbuild/protobuf'
import { ScalarType } from '@bufbuild/protobuf'
import { WireCursor, WireError, wireTypeNames } from './wire-cursor.js'

// Nested messages and map entries each take one of these; a level is refused when none is left.
const recursionLimit = 100

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Finds out why the real gateway could not decode these bytes: `undefined` when it could.
 *
 * The text is the one of the gateway's own decoder, path included, innermost field first. Runs before decoding, so that
 * nothing recursive ever sees bytes that are nested too deep.
 */
export function describeEncodingProblem(message: DescMessage, bytes: Uint8Array): string | undefined {
  const path: string[] = []
  try {
    checkMessage(message, bytes, recursionLimit, path)
    return undefined
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    return [...path, error.message].join(': ')
  }
}

function checkMessage(message: DescMessage, bytes: Uint8Array, budget: number, path: string[]): void {
  const cursor = new WireCursor(bytes)
  while (!cursor.done) {
    const { number, wireType } = cursor.key()
    const field = message.fields.find((candidate) => candidate.number === number)
    if (!field) {
      cursor.skip(wireType)
      continue
    }
    try {
      checkField(field, cursor, wireType, budget, path)
    } catch (error) {
      path.push(`${message.name}.${field.oneof?.name ?? field.name}`)
      throw error
    }
  }
}

function checkField(field: DescField, cursor: WireCursor, wireType: number, budget: number, path: string[]): void {
  const expected = wireTypeOf(field)
  const packed = field.fieldKind === 'list' && wireType === 2 && expected !== 2
  if (wireType !== expected && !packed) {
    throw new WireError(`invalid wire type: ${wireTypeNames[wireType]} (expected ${wireTypeNames[expected]})`)
  }
  if (expected !== 2) {
    cursor.skip(wireType)
    return
  }
  const bytes = cursor.lengthDelimited()
  if (field.fieldKind === 'map') checkMapEntry(field, bytes, nested(budget), path)
  else if (field.message) checkMessage(field.message, bytes, nested(budget), path)
  else if (field.scalar === ScalarType.STRING) checkText(bytes)
}

function checkMapEntry(field: DescField & { fieldKind: 'map' }, bytes: Uint8Array, budget: number, path: string[]) {
  const cursor = new WireCursor(bytes)
  while (!cursor.done) {
    const { number, wireType } = cursor.key()
    if (number === 1 && field.mapKey === ScalarType.STRING) checkText(cursor.lengthDelimited())
    else if (number === 2 && field.message) checkMessage(field.message, cursor.lengthDelimited(), nested(budget), path)
    else cursor.skip(wireType)
  }
}

function nested(budget: number): number {
  if (budget === 0) throw new WireError('recursion limit reached')
  return budget - 1
}

function checkText(bytes: Uint8Array): void {
  try {
    utf8.decode(bytes)
  } catch {
    throw new WireError('invalid string value: data is not UTF-8 encoded')
  }
}

function wireTypeOf(field: DescField): number {
  if (field.fieldKind === 'map' || field.message) return 2
  switch (field.scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return 2
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return 1
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return 5
    default:
      return 0
  }
}
