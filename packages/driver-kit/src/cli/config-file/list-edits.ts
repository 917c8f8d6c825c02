import { isDeepStrictEqual } from 'node:util'
import type { FileEdit } from './config-file.js'

/** The changes that make one JSON value into another, as few and as small as they can be: what stays keeps its comments. */
export function listEdits(before: unknown, after: unknown, steps: readonly string[] = []): FileEdit[] {
  if (isDeepStrictEqual(before, after)) return []
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => listEdits(item, after[index], [...steps, String(index)]))
  }
  if (!isObject(before) || !isObject(after)) return [{ steps, value: after }]
  const removed = Object.keys(before).filter((key) => !Object.hasOwn(after, key))
  return [
    ...removed.map((key) => ({ steps: [...steps, key] })),
    ...Object.entries(after).flatMap(([key, value]): FileEdit[] => {
      const place = [...steps, key]
      return Object.hasOwn(before, key) ? listEdits(before[key], value, place) : [{ steps: place, value }]
    }),
  ]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
