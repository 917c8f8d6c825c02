import type { DriverConfig } from '@openshell-ts/driver-config'

/** The names of a config's root fields, of all its versions. */
export function rootFieldNames(config: DriverConfig<unknown>): ReadonlySet<string> {
  return new Set(config.schemas().flatMap(({ schema }) => objectBranches(schema).flatMap(propertyNames)))
}

/** The shapes that a published schema of an object allows: itself, or its branches. */
export function objectBranches(schema: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!isRecord(schema)) return []
  const { anyOf } = schema
  return Array.isArray(anyOf) ? anyOf.flatMap(objectBranches) : [schema]
}

function propertyNames({ properties }: Readonly<Record<string, unknown>>): string[] {
  return isRecord(properties) ? Object.keys(properties) : []
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
