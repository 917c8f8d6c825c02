import type { Violation } from '../errors/openshell-error.js'
import { byteLength, violation } from './check-text.js'

const MAX_NAME_BYTES = 19

/** Checks a sandbox or workspace name: at most 19 lower-case letters, digits and single inner hyphens. */
export function checkSandboxName(field: string, name: unknown): Violation[] {
  if (typeof name !== 'string') return [violation(field, 'TYPE_MISMATCH', `must be a text, got ${typeof name}`)]
  if (name === '') return [violation(field, 'REQUIRED', 'name is required')]
  const length = byteLength(name)
  return [
    ...(length > MAX_NAME_BYTES
      ? [violation(field, 'TOO_LONG', `exceeds maximum length (${length} > ${MAX_NAME_BYTES})`)]
      : []),
    ...(/^[a-z0-9-]*$/.test(name)
      ? []
      : [violation(field, 'INVALID_CHARACTER', 'must contain only lowercase alphanumeric characters or hyphens')]),
    ...(/^-|-$/.test(name) ? [violation(field, 'INVALID_NAME', 'must not start or end with a hyphen')] : []),
    ...(name.includes('--') ? [violation(field, 'INVALID_NAME', 'must not contain consecutive hyphens')] : []),
  ]
}
