import { invalidArgument } from '../errors/status-error.js'
import { byteLength } from './check-text.js'
import { isEnvironmentKey } from './is-environment-key.js'

const totalLimit = 262_144

/** Keys that the gateway reserves, exceptions left out by the caller. */
export interface EnvironmentRules {
  /** Reserved keys that may be set all the same. */
  readonly allowed?: ReadonlySet<string>
}

/** @throws StatusError when a variable's name or value has characters that it may not have. */
export function checkEnvironmentCharacters(
  what: string,
  environment: Readonly<Record<string, string>>,
  rules: EnvironmentRules = {},
): void {
  for (const key of Object.keys(environment).sort()) {
    if (!isEnvironmentKey(key)) {
      throw invalidArgument(`${what} keys must match ^[A-Za-z_][A-Za-z0-9_]*$; got '${key}'`)
    }
    if (key.startsWith('OPENSHELL_') && !rules.allowed?.has(key)) {
      throw invalidArgument(`${what} keys starting with OPENSHELL_ are reserved; got '${key}'`)
    }
    checkValue(what, key, environment[key] ?? '')
  }
}

/** @throws StatusError when all names and values together are too long. */
export function checkEnvironmentTotal(what: string, environment: Readonly<Record<string, string>>): void {
  let bytes = 0
  for (const [key, value] of Object.entries(environment)) bytes += byteLength(key) + byteLength(value)
  if (bytes > totalLimit) {
    throw invalidArgument(`${what} total size exceeds ${totalLimit} byte limit (${bytes} bytes)`)
  }
}

function checkValue(what: string, key: string, value: string): void {
  if (value.includes('\0')) throw invalidArgument(`${what} value for '${key}' contains null bytes`)
  if (/[\r\n]/.test(value)) {
    throw invalidArgument(`${what} value for '${key}' contains newline or carriage return characters`)
  }
}
