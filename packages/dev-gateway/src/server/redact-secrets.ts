import {
  clone,
  type DescField,
  type DescMessage,
  getOption,
  hasOption,
  type MessageShape,
  ScalarType,
} from '@bufbuild/protobuf'
import type { GenExtension } from '@bufbuild/protobuf/codegenv2'
import { isReflectMessage, type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect'
import type { FieldOptions } from '@bufbuild/protobuf/wkt'

/** What stands where a secret was. */
const redacted = 'REDACTED'

// Secrets that the contract does not mark: what profiles write into sandboxes, and what is typed into commands.
const unmarked: ReadonlySet<string> = new Set([
  'openshell.v1.ProviderProfileFile.content',
  'openshell.v1.GetSandboxProviderEnvironmentResponse.files',
  'openshell.v1.ProviderEnvironmentSnapshot.files',
  'openshell.v1.ExecSandboxRequest.stdin',
])

/** The field option by which a wire line marks its secrets. */
export type SecretOption = GenExtension<FieldOptions, boolean>

/**
 * A copy of a message without its secrets: each text, and each text in a map, of a field that the option marks, or that is
 * known to hold one, is `REDACTED`; other values of such fields are cleared. Keys of maps stay. Messages inside are treated alike.
 */
export function redactSecrets<Schema extends DescMessage>(
  schema: Schema,
  message: MessageShape<Schema>,
  secret: SecretOption,
): MessageShape<Schema> {
  const copy = clone(schema, message)
  redact(reflect(schema, copy), secret)
  return copy
}

function redact(message: ReflectMessage, secret: SecretOption): void {
  for (const field of message.fields) {
    if (!message.isSet(field)) continue
    if (isSecret(field, secret)) redactField(message, field)
    else for (const nested of messagesIn(message, field)) redact(nested, secret)
  }
}

function isSecret(field: DescField, secret: SecretOption): boolean {
  if (hasOption(field, secret) && getOption(field, secret)) return true
  return unmarked.has(`${field.parent.typeName}.${field.name}`)
}

function redactField(message: ReflectMessage, field: DescField): void {
  if (field.fieldKind === 'scalar' && field.scalar === ScalarType.STRING) message.set(field, redacted)
  else if (field.fieldKind === 'map' && field.scalar === ScalarType.STRING) {
    const map = message.get(field)
    for (const key of [...map.keys()]) map.set(key, redacted)
  } else message.clear(field)
}

function messagesIn(message: ReflectMessage, field: DescField): ReflectMessage[] {
  if (!field.message) return []
  switch (field.fieldKind) {
    case 'message':
      return [message.get(field)]
    case 'list':
      return [...message.get(field)].filter((item) => isReflectMessage(item))
    case 'map':
      return [...message.get(field).values()].filter((item) => isReflectMessage(item))
    default:
      return []
  }
}
