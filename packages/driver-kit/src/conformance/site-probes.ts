import type { JsonValue } from '@openshell-ts/driver-config/envelope'
import type { ConfigSite } from './config-site.js'
import { sampleValue } from './sample-value.js'

const longest = 70_000

/** One value of each kind that JSON has, and texts that look like numbers and flags. */
export function kindProbes(): readonly JsonValue[] {
  return ['conformance', '1', 'true', 1, 1.5, true, [], ['conformance'], {}]
}

/** Values at each bound of the schema and next to it. */
export function boundProbes({ schema }: ConfigSite): readonly JsonValue[] {
  return [
    ...numberBounds(schema),
    ...sizes(schema, 'minLength', 'maxLength').map((length) => 'a'.repeat(length)),
    ...listBounds(schema),
  ]
}

/** All values that an enum allows, and one that it does not. */
export function enumProbes({ schema }: ConfigSite): readonly JsonValue[] {
  const allowed = schema['enum']
  if (Array.isArray(allowed)) return [...allowed, 'conformance-not-allowed']
  return schema['const'] === undefined ? [] : [schema['const'], 'conformance-not-allowed']
}

function numberBounds(schema: ConfigSite['schema']): number[] {
  const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].flatMap((keyword) => {
    const bound = schema[keyword]
    // Next to the ends of the whole numbers a double cannot tell neighbours apart.
    return typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? [bound - 1, bound, bound + 1] : []
  })
  const { multipleOf } = schema
  return typeof multipleOf === 'number'
    ? [...bounds, multipleOf / 2, ...bounds.map((one) => one + multipleOf / 2)]
    : bounds
}

function listBounds(schema: ConfigSite['schema']): JsonValue[] {
  const { items } = schema
  if (typeof items !== 'object' || items === null || Array.isArray(items)) return []
  const item = sampleValue(items)
  if (item === undefined) return []
  return sizes(schema, 'minItems', 'maxItems')
    .filter((length) => length <= 300)
    .map((length) => Array.from({ length }, () => item))
}

function sizes(schema: ConfigSite['schema'], ...keywords: readonly string[]): number[] {
  return keywords.flatMap((keyword) => {
    const size = schema[keyword]
    return typeof size === 'number' ? [size - 1, size, size + 1].filter((one) => one >= 0 && one <= longest) : []
  })
}
