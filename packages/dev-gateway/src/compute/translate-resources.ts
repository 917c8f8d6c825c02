import type { JsonObject, JsonValue } from '@bufbuild/protobuf'

/** The quantities that the driver contract has fields for. */
export interface TypedResources {
  cpuRequest: string
  cpuLimit: string
  memoryRequest: string
  memoryLimit: string
}

/** A template's free-form resources, split into what drivers read as fields and what they get as it is. */
export interface SplitResources {
  /** `undefined` when none of the four quantities is given. */
  readonly typed: TypedResources | undefined
  /** Everything else, empty sections left out; `undefined` when nothing is left. */
  readonly raw: JsonObject | undefined
}

const typedNames: Readonly<Record<string, Readonly<Record<string, keyof TypedResources>>>> = {
  limits: { cpu: 'cpuLimit', memory: 'memoryLimit' },
  requests: { cpu: 'cpuRequest', memory: 'memoryRequest' },
}

/** Splits a template's resources. Quantities are not parsed; only strings count as typed. */
export function splitResources(resources: JsonObject | undefined): SplitResources {
  const typed: TypedResources = { cpuRequest: '', cpuLimit: '', memoryRequest: '', memoryLimit: '' }
  const raw: JsonObject = {}
  for (const [section, value] of Object.entries(resources ?? {})) {
    const names = Object.hasOwn(typedNames, section) ? typedNames[section] : undefined
    if (!names || !isObject(value)) {
      raw[section] = value
      continue
    }
    const rest = splitSection(value, names, typed)
    if (Object.keys(rest).length > 0) raw[section] = rest
  }
  return {
    typed: Object.values(typed).some((quantity) => quantity !== '') ? typed : undefined,
    raw: Object.keys(raw).length > 0 ? raw : undefined,
  }
}

function splitSection(
  section: JsonObject,
  names: Readonly<Record<string, keyof TypedResources>>,
  typed: TypedResources,
): JsonObject {
  const rest: JsonObject = {}
  for (const [name, quantity] of Object.entries(section)) {
    const target = Object.hasOwn(names, name) ? names[name] : undefined
    if (target && typeof quantity === 'string') typed[target] = quantity
    else rest[name] = quantity
  }
  return rest
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
