import { type DescExtension, type DescField, type DescMessage, getOption, type Message } from '@bufbuild/protobuf'
import { reflect } from '@bufbuild/protobuf/reflect'
import { file_openshell_compute_v1_compute_driver } from '@openshell-ts/protocol/compute'

const optionName = 'openshell.options.v1.secret'

/** Reads the secrets of a message: the values of all fields that the contract marks as secret. */
export type SecretReader = (message: Message) => readonly string[]

/** The names of the contract's secret fields, as the wire and as code writes them. */
export function secretFieldNames(): readonly string[] {
  const { messages } = file_openshell_compute_v1_compute_driver
  const secret = messages.flatMap(({ fields }) => fields.filter(isSecret))
  return [...new Set(secret.flatMap(({ name, localName }) => [name, localName]))]
}

/** A reader for messages of the type; `undefined` when the type has no secret field, at any depth. */
export function secretReader(type: DescMessage, above: readonly DescMessage[] = []): SecretReader | undefined {
  if (above.includes(type)) return undefined
  const readers = type.fields.flatMap((field) => {
    const read = fieldReader(field, [...above, type])
    return read === undefined ? [] : [read]
  })
  return readers.length === 0 ? undefined : (message) => readers.flatMap((read) => [...read(message)])
}

function fieldReader(field: DescField, above: readonly DescMessage[]): SecretReader | undefined {
  if (isSecret(field)) return (message) => textsOf(fieldValue(message, field))
  const read = field.fieldKind === 'message' ? secretReader(field.message, above) : undefined
  if (read === undefined) return undefined
  return (message) => {
    const inner = fieldValue(message, field)
    return inner === undefined ? [] : read(inner as Message)
  }
}

function fieldValue(message: Message, field: DescField): unknown {
  const reflected = reflect(field.parent, message)
  if (!reflected.isSet(field)) return undefined
  return field.fieldKind === 'message' ? reflect(field.parent, message, false).get(field).message : reflected.get(field)
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (!(value instanceof Uint8Array)) return []
  const bytes = Buffer.from(value)
  // Launch material holds tokens among names; it is not parsed, so every long word of it counts as one.
  const words = bytes.toString('utf8').match(/[\w.+/=-]{16,}/g) ?? []
  return [bytes.toString('utf8'), bytes.toString('base64'), bytes.toString('hex'), ...words]
}

function isSecret(field: DescField): boolean {
  const option = secretOption()
  return option !== undefined && getOption(field, option) === true
}

function secretOption(): DescExtension | undefined {
  const files = file_openshell_compute_v1_compute_driver.dependencies
  return files.flatMap(({ extensions }) => extensions).find(({ typeName }) => typeName === optionName)
}
