import { readFileSync } from 'node:fs'
import { parse, TomlError, type TomlTable } from 'smol-toml'
import { GatewayStartError } from '../errors/gateway-start-error.js'

/** Reads a TOML file. `what` names it in texts. Throws a GatewayStartError when it cannot be read or is no TOML. */
export function readToml(path: string, what: string): TomlTable {
  const text = readText(path, what)
  try {
    return parse(text)
  } catch (error) {
    throw new GatewayStartError('configuration', `${path}${tomlProblem(error)}`)
  }
}

// The library's own text goes on with the lines around, which may hold secrets.
function tomlProblem(error: unknown): string {
  if (!(error instanceof TomlError)) return ': this is no valid TOML.'
  const [, reason] = /^Invalid TOML document: (.+)/.exec(error.message) ?? []
  return `:${error.line}:${error.column}: this is no valid TOML${reason === undefined ? '' : `: ${reason.replace(/\.$/, '')}`}.`
}

/** Reads a file as text. `what` names it in the GatewayStartError when it cannot be read. */
export function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    throw new GatewayStartError('configuration', `Cannot read the ${what} ${path}: ${reasons[code] ?? code}.`)
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
}
