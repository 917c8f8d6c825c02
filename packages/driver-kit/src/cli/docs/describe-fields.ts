import type { JsonValue } from '@openshell-ts/driver-config/envelope'
import { objectBranches } from './field-names.js'

/** What a published schema says about one field. */
export interface ConfigField {
  /** `mounts[].source`; values of a map are `labels{}`. */
  readonly path: string
  /** In words: `whole number, 1 to 512`. */
  readonly type: string
  readonly required: boolean
  readonly default?: JsonValue
  /** The driver version that introduced it. */
  readonly since?: string
  readonly deprecated: boolean
  /** Since when, why, and what to do instead; one sentence for the field and for each deprecated value. */
  readonly deprecations?: readonly string[]
  readonly experimental: boolean
  /** Whether reports may show what stands there. */
  readonly printable: boolean
  /** What secret a reference in this field names; absent for fields that are none. */
  readonly secret?: string
  readonly unit?: string
  readonly description?: string
}

type Schema = Readonly<Record<string, unknown>>

/** The fields of a published schema, parents before children, in the order of declaration. Branches of unions are merged. */
export function describeFields(schema: unknown): readonly ConfigField[] {
  const fields = new Map<string, ConfigField>()
  for (const field of fieldsOf(schema, '')) {
    const earlier = fields.get(field.path)
    fields.set(field.path, earlier === undefined ? field : merge(earlier, field))
  }
  return [...fields.values()].filter(({ path }) => path !== 'schema_version' && path !== '$schema')
}

function fieldsOf(schema: unknown, place: string): ConfigField[] {
  return objectBranches(schema).flatMap((branch) => {
    const { properties, additionalProperties, items, prefixItems, required } = branch
    const needed = new Set(Array.isArray(required) ? required : [])
    const members = Object.entries(Object(properties) as Schema).flatMap(([name, member]) => {
      const path = place === '' ? name : `${place}.${name}`
      return [describeField(path, member, needed.has(name)), ...fieldsOf(member, path)]
    })
    const lists = [items, ...(Array.isArray(prefixItems) ? prefixItems : [])].flatMap((item) =>
      fieldsOf(item, `${place}[]`),
    )
    return [...members, ...lists, ...fieldsOf(additionalProperties, `${place}{}`)]
  })
}

function describeField(path: string, member: unknown, required: boolean): ConfigField {
  const schema = Object(member) as Schema
  const text = (keyword: string) => (typeof schema[keyword] === 'string' ? schema[keyword] : undefined)
  const [since, secret, unit, description] = ['x-since', 'x-secret-ref', 'x-unit', 'description'].map(text)
  return {
    path,
    type: describeType(schema),
    required,
    ...(schema['default'] === undefined ? {} : { default: schema['default'] as JsonValue }),
    ...(since === undefined ? {} : { since }),
    deprecated: schema['deprecated'] === true,
    experimental: schema['x-experimental'] === true,
    printable: schema['x-printable'] === true,
    ...(secret === undefined ? {} : { secret }),
    ...(unit === undefined ? {} : { unit }),
    ...(description === undefined ? {} : { description }),
  }
}

function merge(one: ConfigField, other: ConfigField): ConfigField {
  const type = one.type.split(' or ').includes(other.type) ? one.type : `${one.type} or ${other.type}`
  return { ...other, ...one, type, required: one.required && other.required }
}

const kindNames: Readonly<Record<string, string>> = { integer: 'whole number', array: 'list' }

function describeType(schema: Schema): string {
  const { anyOf, type, items, additionalProperties } = schema
  if (Array.isArray(anyOf))
    return [...new Set(anyOf.map((branch) => describeType(Object(branch) as Schema)))].join(' or ')
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => JSON.stringify(value)).join(' | ')
  if (schema['const'] !== undefined) return JSON.stringify(schema['const'])
  if (typeof type !== 'string') return 'any JSON'
  const kind = kindNames[type] ?? type
  if (type === 'array' && typeof items === 'object')
    return withLimits(`list of ${describeType(items as Schema)}`, schema)
  if (typeof additionalProperties === 'object') {
    return withLimits(`map to ${describeType(additionalProperties as Schema)}`, schema)
  }
  return withLimits(kind, schema)
}

/** The bounds in words. Those that only say what a double can hold are left out. */
function withLimits(kind: string, schema: Schema): string {
  const number = (keyword: string) => {
    const value = schema[keyword]
    return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined
  }
  const limits = [
    range(number('minimum'), number('maximum'), ''),
    range(number('minLength'), number('maxLength'), ' characters'),
    range(number('minItems'), number('maxItems'), ' items'),
    range(number('minProperties'), number('maxProperties'), ' keys'),
    number('exclusiveMinimum') === undefined ? undefined : `above ${number('exclusiveMinimum')}`,
    number('exclusiveMaximum') === undefined ? undefined : `below ${number('exclusiveMaximum')}`,
    number('multipleOf') === undefined ? undefined : `a multiple of ${number('multipleOf')}`,
    typeof schema['format'] === 'string' ? `format ${schema['format']}` : undefined,
    typeof schema['pattern'] === 'string' && schema['format'] === undefined
      ? `pattern ${schema['pattern']}`
      : undefined,
  ]
  return [kind, ...limits.filter((limit) => limit !== undefined)].join(', ')
}

function range(least: number | undefined, most: number | undefined, what: string): string | undefined {
  if (least !== undefined && most !== undefined)
    return least === most ? `${least}${what}` : `${least} to ${most}${what}`
  if (least !== undefined) return `at least ${least}${what}`
  return most === undefined ? undefined : `at most ${most}${what}`
}
