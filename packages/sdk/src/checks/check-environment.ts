import type { Violation } from '../errors/openshell-error.js'
import { byteLength, checkCount, checkLength, violation } from './check-text.js'

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/** How large an environment may be. */
export interface EnvironmentLimits {
  readonly maxEntries: number
  readonly maxKeyBytes: number
  readonly maxValueBytes: number
  readonly maxTotalBytes: number
  /** Names with the reserved prefix that are allowed all the same. */
  readonly allowedNames: readonly string[]
}

/** Checks the names and values of an environment. Values never appear in a description. */
export function checkEnvironment(
  field: string,
  environment: Readonly<Record<string, string>>,
  limits: EnvironmentLimits,
): Violation[] {
  const entries = Object.entries(environment)
  const total = entries.reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(String(value)), 0)
  return [
    ...checkCount(field, entries.length, limits.maxEntries),
    ...(total > limits.maxTotalBytes
      ? [violation(field, 'TOO_LONG', `total size exceeds ${limits.maxTotalBytes} byte limit (${total} bytes)`)]
      : []),
    ...entries.flatMap(([key, value]) => checkEntry(field, key, value, limits)),
  ]
}

function checkEntry(field: string, key: string, value: unknown, limits: EnvironmentLimits): Violation[] {
  const path = NAME.test(key) ? `${field}.${key}` : `${field}[${JSON.stringify(key.slice(0, 64))}]`
  if (typeof value !== 'string') return [violation(path, 'TYPE_MISMATCH', `must be a text, got ${typeof value}`)]
  return [...checkName(path, key, limits), ...checkValue(path, value, limits.maxValueBytes)]
}

function checkName(path: string, key: string, limits: EnvironmentLimits): Violation[] {
  const length = checkLength(path, key, limits.maxKeyBytes)
  if (length.length > 0) return length
  if (!NAME.test(key)) return [violation(path, 'INVALID_NAME', `keys must match ${NAME.source}`)]
  if (!key.startsWith('OPENSHELL_') || limits.allowedNames.includes(key)) return []
  return [violation(path, 'RESERVED_NAME', 'keys starting with OPENSHELL_ are reserved')]
}

function checkValue(path: string, value: string, maxValueBytes: number): Violation[] {
  return [
    ...checkLength(path, value, maxValueBytes),
    ...(value.includes('\0') ? [violation(path, 'INVALID_CHARACTER', 'value contains null bytes')] : []),
    ...(/[\r\n]/.test(value)
      ? [violation(path, 'INVALID_CHARACTER', 'value contains newline or carriage return characters')]
      : []),
  ]
}
