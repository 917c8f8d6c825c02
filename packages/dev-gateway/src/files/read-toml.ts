import { readFileSync } from 'node:fs'
import { parse, TomlError, type TomlTable } from 'smol-toml'
import { GatewayStartError } from '../errors/gateway-start-error.js'

/** Reads a TOML file. `what` names it in texts. Throws a GatewayStartError when it cannot be read or is no TOML. */
export function readToml(path: string, what: string): TomlTable {
  const text = readText(path, what)
  try {
    return parse(text)
  } catch (error) {
    const where = error instanceof TomlError ? `:${error.line}:${error.column}` : ''
    throw new GatewayStartError('configuration', `${path}${where}: this is no valid TOML.`)
  }
}

/** Reads a file as text. `what` names it in the GatewayStartError when it cannot be read. */
export function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    throw new GatewayStartError('configuration', `Cannot read the ${what} ${path}${code}.`)
  }
}
