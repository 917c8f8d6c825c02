import type { JsonValue } from '../envelope/json-value.js'

/** Freezes a JSON value that we own, with everything in it, without recursion. */
export function deepFreeze<T extends JsonValue | undefined>(value: T): T {
  const open: unknown[] = [value]
  while (open.length > 0) {
    const next = open.pop()
    if (typeof next !== 'object' || next === null || Object.isFrozen(next)) continue
    Object.freeze(next)
    for (const member of Object.values(next)) if (typeof member === 'object' && member !== null) open.push(member)
  }
  return value
}
