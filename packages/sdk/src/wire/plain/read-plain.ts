import type { DescMessage, Message } from '@bufbuild/protobuf'
import { type Duration, durationMs } from '@bufbuild/protobuf/wkt'
import { enumWord, type PlainField, plainFields, type ValueShape } from './plain-field.js'

/**
 * Reads a message as a plain object, by its description, so that both lines read alike. What is empty is left out: enums become
 * words, spans of time milliseconds, revisions texts.
 */
export function readPlain(description: DescMessage, message: Message): Readonly<Record<string, unknown>> {
  const entries = plainFields(description).flatMap((field) => {
    const value = readField(field, Reflect.get(message, field.field.localName))
    return value === undefined ? [] : [[field.name, value] as const]
  })
  return Object.fromEntries(entries)
}

function readField({ field, container, shape }: PlainField, value: unknown): unknown {
  if (value === undefined) return undefined
  if (container === 'list') {
    if (!Array.isArray(value) || value.length === 0) return undefined
    return value.map((item) => readValue(shape, item))
  }
  if (container === 'map') {
    const entries = Object.entries(value ?? {})
    return entries.length === 0
      ? undefined
      : Object.fromEntries(entries.map(([key, item]) => [key, readValue(shape, item)]))
  }
  // A field with presence says something even when its value is the empty one.
  const isExplicit = field.proto.proto3Optional || shape.type === 'message'
  return isExplicit || !isEmpty(value) ? readValue(shape, value) : undefined
}

function isEmpty(value: unknown): boolean {
  return value === '' || value === false || value === 0 || value === 0n
}

function readValue(shape: ValueShape, value: unknown): unknown {
  switch (shape.type) {
    case 'message':
      return readPlain(shape.message, value as Message)
    case 'enum':
      return enumWord(shape.enum, Number(value))
    case 'duration':
      return durationMs(value as Duration)
    case 'seconds':
      return Number(value) * 1000
    case 'revision':
      return String(value)
    default:
      return value
  }
}
