import type { Violation } from '../errors/openshell-error.js'

/** Length in bytes of UTF-8, which is what the gateway counts. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8')
}

/** One violation with its code. */
export function violation(field: string, reason: string, description: string): Violation {
  return { field, description, reason }
}

/** The violation of a text that is too long, or nothing. */
export function checkLength(field: string, text: string, maxBytes: number): Violation[] {
  const length = byteLength(text)
  if (length <= maxBytes) return []
  return [violation(field, 'TOO_LONG', `exceeds maximum length (${length} > ${maxBytes})`)]
}

/** The violation of a collection with too many entries, or nothing. */
export function checkCount(field: string, count: number, max: number): Violation[] {
  return count <= max ? [] : [violation(field, 'TOO_MANY', `exceeds maximum entries (${count} > ${max})`)]
}
