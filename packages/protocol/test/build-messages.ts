import { create, createFileRegistry, type DescFile, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf'
import { protoCamelCase } from '@bufbuild/protobuf/reflect'
import {
  type DescriptorProtoSchema,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  type FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
} from '@bufbuild/protobuf/wkt'
import type { WireField, WireMessage, WirePackage } from './wire-table.js'

type MessageInit = MessageInitShape<typeof DescriptorProtoSchema>
type FieldInit = MessageInitShape<typeof FieldDescriptorProtoSchema>

const wellKnown = [file_google_protobuf_struct, file_google_protobuf_timestamp]
const wellKnownTypes = new Set(['google.protobuf.Struct', 'google.protobuf.Timestamp'])

/**
 * Looks up the messages of tables by full name: what a peer that has these tables, and nothing else, would read.
 *
 * All tables go into one file, under the last one's package. A message type outside the tables is declared as bytes,
 * which is the same on the wire.
 */
export function buildMessages(...tables: readonly WirePackage[]): (shortName: string) => DescMessage {
  const messages = Object.assign({}, ...tables.map((table) => table.messages)) as Record<string, WireMessage>
  const packageName = tables.at(-1)?.package ?? ''
  const proto = create(FileDescriptorProtoSchema, {
    name: 'tables.proto',
    package: packageName,
    syntax: 'proto3',
    dependency: wellKnown.map((file) => file.proto.name),
    messageType: Object.entries(messages).map(([name, message]) => messageInit(packageName, name, message, messages)),
  })
  const registry = createFileRegistry(proto, (name): DescFile | undefined =>
    wellKnown.find((file) => file.proto.name === name),
  )
  return (name) => {
    const found = registry.getMessage(`${packageName}.${name}`)
    if (!found) throw new Error(`The tables hold no message ${name}.`)
    return found
  }
}

function messageInit(
  packageName: string,
  typeName: string,
  { fields }: WireMessage,
  known: Readonly<Record<string, WireMessage>>,
): MessageInit {
  const name = lastPart(typeName)
  const typeOf = (type: string): FieldInit =>
    type in known
      ? { type: FieldDescriptorProto_Type.MESSAGE, typeName: `.${packageName}.${lastPart(type)}` }
      : outsideType(type)
  const oneofs = [...new Set(fields.map(oneofName).filter((one) => one !== undefined))]
  const maps = fields.map((field) => ({ field, map: mapTypes(field) })).filter(({ map }) => map !== undefined)
  return {
    name,
    field: fields.map((field) => fieldInit(field, `.${packageName}.${name}`, oneofs, typeOf)),
    oneofDecl: oneofs.map((one) => ({ name: one })),
    nestedType: maps.map(({ field, map }) => ({
      name: entryName(field),
      options: { mapEntry: true },
      field: [
        { name: 'key', number: 1, ...typeOf(map?.key ?? '') },
        { name: 'value', number: 2, ...typeOf(map?.value ?? '') },
      ],
    })),
  }
}

function fieldInit(
  field: WireField,
  parent: string,
  oneofs: readonly string[],
  typeOf: (type: string) => FieldInit,
): FieldInit {
  const { name, number, type } = field
  const oneof = oneofName(field)
  const jsonName = protoCamelCase(name)
  if (mapTypes(field)) {
    const typeName = `${parent}.${entryName(field)}`
    return {
      name,
      number,
      jsonName,
      label: FieldDescriptorProto_Label.REPEATED,
      type: FieldDescriptorProto_Type.MESSAGE,
      typeName,
    }
  }
  const list = type.startsWith('repeated ')
  return {
    name,
    number,
    jsonName,
    label: list ? FieldDescriptorProto_Label.REPEATED : FieldDescriptorProto_Label.OPTIONAL,
    ...typeOf(type.replace(/^(repeated|optional) /, '')),
    ...(oneof === undefined ? {} : { oneofIndex: oneofs.indexOf(oneof) }),
    proto3Optional: type.startsWith('optional '),
  }
}

function outsideType(type: string): FieldInit {
  if (wellKnownTypes.has(type)) return { type: FieldDescriptorProto_Type.MESSAGE, typeName: `.${type}` }
  const scalar = FieldDescriptorProto_Type[type.toUpperCase() as keyof typeof FieldDescriptorProto_Type]
  return { type: scalar ?? FieldDescriptorProto_Type.BYTES }
}

function mapTypes({ type }: WireField): { key: string; value: string } | undefined {
  const [, key, value] = /^map<(\w+), (.+)>$/.exec(type) ?? []
  return key === undefined || value === undefined ? undefined : { key, value }
}

// Explicit presence is a oneof of one field.
function oneofName({ name, type, oneof }: WireField): string | undefined {
  return oneof ?? (type.startsWith('optional ') ? `_${name}` : undefined)
}

function entryName({ name }: WireField): string {
  const camel = name.replace(/(^|_)([a-z])/g, (_match, _underscore, letter: string) => letter.toUpperCase())
  return `${camel}Entry`
}

function lastPart(typeName: string): string {
  return typeName.slice(typeName.lastIndexOf('.') + 1)
}
