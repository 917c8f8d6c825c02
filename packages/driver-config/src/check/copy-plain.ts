import type { JsonValue } from '../envelope/json-value.js'
import { type Budget, memberBytes, unitBytes } from './budget.js'
import { isWellFormed } from './is-well-formed.js'
import type { ConfigLimits } from './limits.js'
import { mayHoldSecret } from './secret-forms.js'

/** What a shortcut answers for everything that it does not take at once. */
export const declined = Symbol('declined')

/** Keys that reach an object's prototype in some reader. */
export const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'prototype', 'constructor'])

/**
 * Copies a value that is plain JSON well within the limits, or declines; the guard then finds out what is wrong. `depth` is the
 * number of levels around the value.
 *
 * Reads every member once, recurses no deeper than the limit, and ends when the budget is used up, so that cycles end as well.
 * Throws what a getter throws.
 */
export function copyPlain(
  value: unknown,
  limits: ConfigLimits,
  budget: Budget,
  depth: number,
): JsonValue | typeof declined {
  switch (typeof value) {
    case 'string':
      if (value.length > limits.stringLength || !isWellFormed(value)) return declined
      budget.bytes += value.length * unitBytes
      if (mayHoldSecret(value)) budget.suspicious = true
      return value
    case 'number':
      return Number.isFinite(value) ? value : declined
    case 'boolean':
      return value
    case 'object':
      if (value === null) return null
      if (depth >= limits.depth) return declined
      return Array.isArray(value)
        ? copyList(value, limits, budget, depth + 1)
        : copyObject(value, limits, budget, depth + 1)
    default:
      return declined
  }
}

function copyList(
  list: readonly unknown[],
  limits: ConfigLimits,
  budget: Budget,
  depth: number,
): JsonValue[] | typeof declined {
  const { length } = list
  // A proxy may answer anything.
  if (!(Number.isInteger(length) && length >= 0 && length <= limits.items)) return declined
  budget.bytes += length * memberBytes
  const copy: JsonValue[] = []
  for (let index = 0; index < length; index += 1) {
    const item = copyPlain(list[index], limits, budget, depth)
    if (item === declined || isSpent(budget, limits)) return declined
    copy.push(item)
  }
  return copy
}

function copyObject(object: object, limits: ConfigLimits, budget: Budget, depth: number): JsonValue | typeof declined {
  if (!isPlainObject(object)) return declined
  const copy: Record<string, JsonValue> = {}
  for (const key of Object.keys(object)) {
    budget.keys += 1
    budget.bytes += key.length * unitBytes + memberBytes
    // A key that every object inherits needs the guard's care.
    if (key in copy || key === 'prototype' || key.length > limits.keyLength || !isWellFormed(key)) return declined
    const member = object[key]
    if (member === undefined) continue
    const item = copyPlain(member, limits, budget, depth)
    if (item === declined || isSpent(budget, limits)) return declined
    copy[key] = item
  }
  return copy
}

/** True for a key that any object may have, of any length within the limits. */
export function isPlainKey(key: string, limits: ConfigLimits, budget: Budget): boolean {
  budget.bytes += key.length * unitBytes + memberBytes
  return key.length <= limits.keyLength && !forbiddenKeys.has(key) && isWellFormed(key)
}

/** True for an object of no class. Objects of another realm are left to the guard. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** True when more is used than the limits allow, as far as the generous count can tell. */
export function isSpent(budget: Budget, limits: ConfigLimits): boolean {
  return budget.bytes > limits.encodedBytes || budget.keys > limits.keys
}
