import { isJsonObject, type JsonValue } from '../envelope/json-value.js'

/** A bound on attempts, so that shrinking ends also for documents of many members. */
const maximumAttempts = 2_000

/** A smaller document that still fails: members and items are left out, and scalars made simple, as long as it does. */
export function shrinkDocument(document: JsonValue, fails: (smaller: JsonValue) => boolean): JsonValue {
  let current = document
  let attempts = 0
  // Goes on where the last step was found: what could not be left out before seldom can be afterwards.
  let start = 0
  while (attempts < maximumAttempts) {
    let index = -1
    let next: JsonValue | undefined
    for (const candidate of smallerValues(current)) {
      index += 1
      if (index < start) continue
      attempts += 1
      if (attempts > maximumAttempts) break
      if (!fails(candidate)) continue
      next = candidate
      break
    }
    if (next === undefined && start === 0) break
    start = next === undefined ? 0 : index
    current = next ?? current
  }
  return current
}

/** Values that are one step smaller, the smallest first. */
function* smallerValues(value: JsonValue): Generator<JsonValue> {
  if (typeof value === 'string' && value.length > 0 && value !== 'a')
    yield* new Set(['', 'a', value.slice(0, Math.floor(value.length / 2))])
  if (value === 'a') yield ''
  if (typeof value === 'number' && value !== 0)
    yield* [...new Set([0, 1, Math.trunc(value / 2)])].filter((next) => Math.abs(next) < Math.abs(value))
  if (Array.isArray(value)) {
    for (const index of value.keys()) yield value.toSpliced(index, 1)
    for (const [index, item] of value.entries()) for (const next of smallerValues(item)) yield value.with(index, next)
  } else if (isJsonObject(value)) {
    for (const key of Object.keys(value))
      yield Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
    for (const [key, member] of Object.entries(value))
      for (const next of smallerValues(member)) yield { ...value, [key]: next }
  }
}
