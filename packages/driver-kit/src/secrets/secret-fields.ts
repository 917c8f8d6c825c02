import { type DescExtension, type DescField, type DescMessage, getOption, type Message } from '@bufbuild/protobuf'
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

/** A reader for messages of the type; `undefined` when the type has no secret field, at any depth. Make it once a type. */
export function secretReader(type: DescMessage): SecretReader | undefined {
  const append = appender(type, [])
  if (append === undefined) return undefined
  return (message) => {
    const secrets: string[] = []
    append(message, secrets)
    return secrets
  }
}

type Append = (message: Message, secrets: string[]) => void

function appender(type: DescMessage, above: readonly DescMessage[]): Append | undefined {
  if (above.includes(type)) return undefined
  const appends = type.fields.flatMap((field) => {
    const append = fieldAppender(field, [...above, type])
    return append === undefined ? [] : [append]
  })
  if (appends.length === 0) return undefined
  return (message, secrets) => {
    for (const append of appends) append(message, secrets)
  }
}

function fieldAppender(field: DescField, above: readonly DescMessage[]): Append | undefined {
  const read = fieldAccess(field)
  if (isSecret(field)) {
    return (message, secrets) => {
      const value = read(message)
      // Most requests have none, and calls are many.
      if (value !== undefined && value !== '') secrets.push(...textsOf(value))
    }
  }
  const append = field.fieldKind === 'message' ? appender(field.message, above) : undefined
  if (append === undefined) return undefined
  return (message, secrets) => {
    const inner = read(message)
    if (inner !== undefined) append(inner as Message, secrets)
  }
}

/** Where messages keep the field: under its own name, or as the case of its oneof. */
function fieldAccess({ localName, oneof }: DescField): (message: Message) => unknown {
  if (oneof === undefined) return (message) => Reflect.get(message, localName)
  return (message) => {
    const chosen = Reflect.get(message, oneof.localName) as { case?: string; value?: unknown }
    return chosen.case === localName ? chosen.value : undefined
  }
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (!(value instanceof Uint8Array) || value.length === 0) return []
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
