/** What a generated chain looks like. */
export interface GeneratedChainOptions {
  readonly versions: number
  /** Members of each version, the union among them. */
  readonly fields: number
}

const union = `T.Union([
  T.Object({ type: T.Literal('bind'), source: T.String() }),
  T.Object({ type: T.Literal('volume'), source: T.String(), subpath: T.Optional(T.String()) }),
  T.Object({ type: T.Literal('tmpfs'), size: T.Optional(T.Integer()) }),
])`

/** The source of a chain that alternates the TypeBox lines; each version has a list of a union and renames one field. */
export function generatedChain({ versions, fields }: GeneratedChainOptions): string {
  const numbers = Array.from({ length: versions }, (_, index) => index + 1)
  return [
    "import { Type as Earlier } from '@sinclair/typebox'",
    "import Type from 'typebox'",
    "import { defineDriverConfig } from '@openshell-ts/driver-config'",
    ...numbers.map((version) => `const V${version} = ${schemaOf(version, fields)}`),
    `export const config = defineDriverConfig('acme')${numbers.map(callOf).join('')}.build()`,
  ].join('\n')
}

function schemaOf(version: number, fields: number): string {
  const scalars = Array.from(
    { length: fields - 2 },
    (_, index) => `field_${index}: T.Optional(T.${['String', 'Integer', 'Boolean'][index % 3]}())`,
  )
  const schema = `T.Object({ name_${version}: T.String(), mounts: T.Array(${union}), ${scalars.join(', ')} })`
  return schema.replaceAll('T.', version % 2 === 0 ? 'Type.' : 'Earlier.')
}

function callOf(version: number): string {
  const value = `{ name_${version}: 'x', mounts: [] }`
  const invalid = "[{ value: 5, code: 'CONFIG_NOT_OBJECT', path: 'driver_config' }]"
  const examples = `examples: { minimal: ${value}, full: ${value}, invalid: ${invalid} }`
  if (version === 1) return `.version(1, V1, { ${examples} })`
  const [before, now] = [`name_${version - 1}`, `name_${version}`]
  const up = `up: ({ ${before}, ...rest }) => ({ ...rest, ${now}: ${before} })`
  return `.version(${version}, V${version}, { ${examples}, ${up} })`
}
