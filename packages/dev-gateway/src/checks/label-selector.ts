import { invalidArgument } from '../errors/status-error.js'
import { checkLabelKey, checkLabelValue } from './check-labels.js'

const pairLimit = 64

/**
 * Parses `key=value,key=value` into a test that labels must pass in every pair. Empty pairs and outer spaces mean nothing.
 *
 * @throws StatusError INVALID_ARGUMENT for a pair without `=`, a bad key or a bad value.
 */
export function parseLabelSelector(selector: string): (labels: Readonly<Record<string, string>>) => boolean {
  const pairs: (readonly [string, string])[] = []
  for (const part of selector.split(',')) {
    const pair = part.trim()
    if (pair === '') continue
    const separator = pair.indexOf('=')
    if (separator < 0) throw invalidArgument(`invalid label selector '${pair}': expected key=value`)
    const key = pair.slice(0, separator).trim()
    const value = pair.slice(separator + 1).trim()
    checkLabelKey(key)
    checkLabelValue(value)
    pairs.push([key, value])
  }
  if (pairs.length > pairLimit) {
    throw invalidArgument(`label selector exceeds maximum pairs (${pairs.length} > ${pairLimit})`)
  }
  return (labels) => pairs.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value)
}
