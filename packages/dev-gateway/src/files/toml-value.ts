import { GatewayStartError } from '../errors/gateway-start-error.js'
import type { Table } from './toml-table.js'

interface TomlKinds {
  readonly text: string
  readonly texts: readonly string[]
  readonly truth: boolean
  readonly 'whole number': number
}

const isText = (value: unknown) => typeof value === 'string'

const kinds: { readonly [Kind in keyof TomlKinds]: { readonly name: string; is(value: unknown): boolean } } = {
  text: { name: 'a text', is: isText },
  texts: { name: 'a list of texts', is: (value) => Array.isArray(value) && value.every(isText) },
  truth: { name: 'true or false', is: (value) => typeof value === 'boolean' },
  'whole number': { name: 'a whole number', is: (value) => Number.isSafeInteger(value) },
}

/** The value of a key; undefined without one. Throws a GatewayStartError that begins with `where` when it is of another kind. */
export function tomlValue<Kind extends keyof TomlKinds>(
  where: string,
  from: Table,
  key: string,
  kind: Kind,
): TomlKinds[Kind] | undefined {
  const value = from[key]
  if (value === undefined || kinds[kind].is(value)) return value as TomlKinds[Kind] | undefined
  throw new GatewayStartError('configuration', `${where} ${key} must be ${kinds[kind].name}.`)
}
