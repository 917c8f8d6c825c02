import { GatewayStartError } from '../errors/gateway-start-error.js'

/** A table of a TOML file. */
export type Table = Readonly<Record<string, unknown>>

/** The table under a key; an empty one when there is none. Throws a GatewayStartError for anything else. */
export function table(from: Table, key: string): Table {
  const value = from[key] ?? {}
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Table
  throw new GatewayStartError('configuration', `${key} must be a table of the configuration.`)
}
