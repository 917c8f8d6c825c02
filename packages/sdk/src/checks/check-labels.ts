import type { Violation } from '../errors/openshell-error.js'
import { checkCount, checkLength, violation } from './check-text.js'

const NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/
const PREFIX = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/

type Entries = Readonly<Record<string, string>>

/** Checks labels by the syntax of Kubernetes: `[prefix/]name`, values of at most 63 characters. */
export function checkLabels(field: string, labels: Entries): Violation[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const path = entryPath(field, key)
    if (typeof value !== 'string') return [violation(path, 'TYPE_MISMATCH', `must be a text, got ${typeof value}`)]
    return [...checkKey(path, key), ...checkLabelValue(path, value)]
  })
}

/** Checks annotations: keys as of labels, values of free text. */
export function checkAnnotations(field: string, annotations: Entries): Violation[] {
  const entries = Object.entries(annotations)
  return [
    ...checkCount(field, entries.length, 128),
    ...entries.flatMap(([key, value]) => {
      const path = entryPath(field, key)
      if (typeof value !== 'string') return [violation(path, 'TYPE_MISMATCH', `must be a text, got ${typeof value}`)]
      return [...checkKey(path, key), ...checkLength(path, value, 8192)]
    }),
  ]
}

function entryPath(field: string, key: string): string {
  return `${field}[${JSON.stringify(key.slice(0, 320))}]`
}

function checkKey(path: string, key: string): Violation[] {
  const slash = key.lastIndexOf('/')
  const prefix = key.slice(0, Math.max(slash, 0))
  const valid = NAME.test(key.slice(slash + 1)) && (slash < 0 || (prefix.length <= 253 && PREFIX.test(prefix)))
  if (valid) return []
  return [
    violation(
      path,
      'INVALID_NAME',
      'key must be "name" or "prefix/name"; a name has at most 63 letters, digits, ".", "_", "-"',
    ),
  ]
}

function checkLabelValue(path: string, value: string): Violation[] {
  if (value === '' || NAME.test(value)) return []
  if (value.length > 63) return [violation(path, 'TOO_LONG', `label value exceeds 63 characters (${value.length})`)]
  const rule = 'value must start and end with a letter or digit, with letters, digits, ".", "_", "-" between'
  return [violation(path, 'INVALID_CHARACTER', rule)]
}
