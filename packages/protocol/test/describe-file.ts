import {
  type DescEnum,
  type DescExtension,
  type DescField,
  type DescFile,
  type DescMessage,
  type DescMethod,
  getOption,
  hasOption,
  ScalarType,
} from '@bufbuild/protobuf'
import { nestedTypes } from '@bufbuild/protobuf/reflect'
import type { authorization, secret } from '../src/v0-0.js'
import type { WireAuthorization, WireField, WireMessage, WireMethod, WirePackage } from './wire-table.js'

/** The extensions of the wire line that the files belong to. */
export interface WireOptions {
  readonly secret: typeof secret
  readonly authorization: typeof authorization
}

/** Writes the generated descriptors of one file as the tables in `data/wire` do. */
export function describeFile(file: DescFile, options: WireOptions): WirePackage {
  const described = {
    package: file.proto.package,
    services: {} as Record<string, Record<string, WireMethod>>,
    messages: {} as Record<string, WireMessage>,
    enums: {} as Record<string, Record<string, number>>,
    extensions: {} as Record<string, { number: number; extends: string; type: string }>,
  }
  for (const type of nestedTypes(file)) {
    if (type.kind === 'message') described.messages[type.typeName] = describeMessage(type, options)
    if (type.kind === 'enum') described.enums[type.typeName] = describeEnum(type)
    if (type.kind === 'extension') described.extensions[type.name] = describeExtension(type)
    if (type.kind === 'service') {
      const methods = type.methods.map((method) => [method.name, describeMethod(method, options)] as const)
      described.services[type.typeName] = Object.fromEntries(methods)
    }
  }
  return described
}

function describeMessage(message: DescMessage, options: WireOptions): WireMessage {
  const reserved = message.proto.reservedRange.flatMap(({ start, end }) =>
    Array.from({ length: end - start }, (_, index) => start + index),
  )
  return { fields: message.fields.map((field) => describeField(field, options)), reserved }
}

function describeField(field: DescField, { secret }: WireOptions): WireField {
  return {
    name: field.name,
    number: field.number,
    type: fieldType(field),
    ...(field.oneof ? { oneof: field.oneof.name } : {}),
    ...(field.deprecated ? { deprecated: true } : {}),
    ...(getOption(field, secret) ? { options: { secret: true } } : {}),
  }
}

function fieldType(field: DescField | DescExtension): string {
  switch (field.fieldKind) {
    case 'map':
      return `map<${scalarName(field.mapKey)}, ${elementType(field)}>`
    case 'list':
      return `repeated ${elementType(field)}`
    default:
      return field.proto.proto3Optional ? `optional ${elementType(field)}` : elementType(field)
  }
}

function elementType(field: DescField | DescExtension): string {
  if (field.message) return field.message.typeName
  if (field.enum) return field.enum.typeName
  return scalarName(field.scalar)
}

function scalarName(scalar: ScalarType): string {
  return ScalarType[scalar].toLowerCase()
}

function describeMethod(method: DescMethod, options: WireOptions): WireMethod {
  const { methodKind: kind, input, output } = method
  const described = { kind, input: input.typeName, output: output.typeName }
  return hasOption(method, options.authorization)
    ? { ...described, options: describeAuthorization(method, options) }
    : described
}

function describeAuthorization(method: DescMethod, { authorization }: WireOptions): WireAuthorization {
  const { authMode, workspaceRole, globalRole, scope } = getOption(method, authorization)
  const rule = { auth_mode: authMode, workspace_role: workspaceRole, global_role: globalRole, scope }
  return Object.fromEntries(Object.entries(rule).filter(([, text]) => text !== ''))
}

function describeEnum(enumeration: DescEnum): Record<string, number> {
  return Object.fromEntries(enumeration.values.map((value) => [value.name, value.number]))
}

function describeExtension(extension: DescExtension): { number: number; extends: string; type: string } {
  return { number: extension.number, extends: extension.extendee.typeName, type: fieldType(extension) }
}
