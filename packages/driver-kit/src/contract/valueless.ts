import type { Struct, Value } from '@bufbuild/protobuf/wkt'
import type { JsonValue } from '@openshell-ts/driver-config/envelope'
import {
  CreateSandboxRequestSchema,
  type DriverSandbox,
  DriverSandboxSchema,
  DriverSandboxSpecSchema,
  DriverSandboxTemplateSchema,
} from '@openshell-ts/protocol/compute'
import { structAt } from '@openshell-ts/protocol/grpc'

/** Stands for a Value without kind; the check of a block knows it and says so. */
const valueless = Symbol.for('openshell-ts.driver-config.valueless')

/** Where requests to validate and to create carry the block. */
const blockPath = [
  CreateSandboxRequestSchema.field.sandbox.number,
  DriverSandboxSchema.field.spec.number,
  DriverSandboxSpecSchema.field.template.number,
  DriverSandboxTemplateSchema.field.driverConfig.number,
]

/**
 * Marks the members of a request's block that arrived without a value. Gateways pass them on, and they decode to null, which
 * a config may allow: the user would get a setting that nobody has written.
 */
export function markValueless({ sandbox }: { readonly sandbox?: DriverSandbox }, bytes: Uint8Array): void {
  const template = sandbox?.spec?.template
  const block = template?.driverConfig
  // The bytes are read again only when there is a null that may be one.
  if (template === undefined || block === undefined || !hasNull(block)) return
  const struct = structAt(bytes, blockPath)
  if (struct !== undefined) markStruct(block, struct)
}

function hasNull(value: JsonValue | undefined): boolean {
  if (value === null) return true
  return typeof value === 'object' && Object.values(value).some(hasNull)
}

function markStruct(json: object, { fields }: Struct): void {
  for (const [key, value] of Object.entries(fields)) markMember(json, key, value)
}

function markMember(parent: object, key: string | number, { kind }: Value): void {
  if (kind.case === undefined) Reflect.set(parent, key, valueless)
  else if (kind.case === 'structValue') markStruct(Reflect.get(parent, key) as object, kind.value)
  else if (kind.case === 'listValue') {
    const list = Reflect.get(parent, key) as object
    for (const [index, item] of kind.value.values.entries()) markMember(list, index, item)
  }
}
