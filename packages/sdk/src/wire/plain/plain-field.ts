import { type DescEnum, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf'

/** What one value of a field is: of the field itself, of an entry of its list or of its map. */
export type ValueShape =
  | { readonly type: 'message'; readonly message: DescMessage }
  | { readonly type: 'enum'; readonly enum: DescEnum }
  | { readonly type: 'duration' }
  | { readonly type: 'seconds' }
  | { readonly type: 'struct' }
  | { readonly type: 'text' | 'boolean' | 'number' | 'signed-number' | 'revision' }

/** A field as this package shows it. */
export interface PlainField {
  readonly field: DescField
  /** Name in plain objects: the wire's in camel case, and times in milliseconds whatever the wire counts. */
  readonly name: string
  readonly container: 'single' | 'list' | 'map'
  readonly shape: ValueShape
}

const INTEGERS_64 = new Set([ScalarType.INT64, ScalarType.UINT64])

/** The fields of a message, in order, without those that are retired. */
export function plainFields(message: DescMessage): PlainField[] {
  return message.fields.filter(({ deprecated }) => !deprecated).map(toPlainField)
}

function toPlainField(field: DescField): PlainField {
  const container = field.fieldKind === 'list' || field.fieldKind === 'map' ? field.fieldKind : 'single'
  const shape = shapeOf(field)
  const name =
    shape.type === 'duration' || shape.type === 'seconds'
      ? `${field.localName.replace(/Seconds$/, '')}Ms`
      : field.localName
  return { field, name, container, shape }
}

function shapeOf(field: DescField): ValueShape {
  if (field.enum) return { type: 'enum', enum: field.enum }
  if (field.message) return shapeOfMessage(field.message)
  if (field.scalar !== undefined && INTEGERS_64.has(field.scalar)) {
    return { type: field.name.endsWith('_seconds') ? 'seconds' : 'revision' }
  }
  if (field.scalar === ScalarType.STRING) return { type: 'text' }
  if (field.scalar === ScalarType.BOOL) return { type: 'boolean' }
  return { type: field.scalar === ScalarType.INT32 ? 'signed-number' : 'number' }
}

function shapeOfMessage(message: DescMessage): ValueShape {
  switch (message.typeName) {
    case 'google.protobuf.Struct':
      return { type: 'struct' }
    case 'google.protobuf.Duration':
      return { type: 'duration' }
    default:
      return { type: 'message', message }
  }
}

/** The word of an enum's value, such as `read-only`; empty for the value that stands for nothing. */
export function enumWord(description: DescEnum, number: number): string {
  if (number === 0) return ''
  const name = description.value[number]?.name
  if (name === undefined) return 'unrecognized'
  const prefix = description.sharedPrefix ?? ''
  return name.slice(prefix.length).toLowerCase().replaceAll('_', '-')
}
