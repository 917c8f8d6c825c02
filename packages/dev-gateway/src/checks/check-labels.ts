import { invalidArgument } from '../errors/status-error.js'

const segmentLimit = 63
const prefixLimit = 253

/** @throws StatusError when labels break the rules of Kubernetes. */
export function checkLabels(labels: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(labels)) {
    checkLabelKey(key)
    checkLabelValue(value)
  }
}

/** @throws StatusError when a label's key breaks the rules of Kubernetes. */
export function checkLabelKey(key: string): void {
  if (key === '') throw invalidArgument('label key cannot be empty')
  const slash = key.indexOf('/')
  const prefix = slash < 0 ? undefined : key.slice(0, slash)
  const name = key.slice(slash + 1)
  if (prefix !== undefined && !isPrefix(prefix)) throw invalidArgument(`label key prefix is invalid: '${key}'`)
  if (name.length > segmentLimit) throw invalidArgument(`label key name exceeds ${segmentLimit} characters: '${key}'`)
  if (!isSegment(name)) throw invalidArgument(`label key is invalid: '${key}'`)
}

/** @throws StatusError when a label's value breaks the rules of Kubernetes; the empty value is allowed. */
export function checkLabelValue(value: string): void {
  if (value === '') return
  if (value.length > segmentLimit) throw invalidArgument(`label value exceeds ${segmentLimit} characters: '${value}'`)
  if (!isSegment(value)) throw invalidArgument(`label value is invalid: '${value}'`)
}

function isSegment(text: string): boolean {
  return /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(text)
}

function isPrefix(text: string): boolean {
  return text.length <= prefixLimit && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(text)
}
