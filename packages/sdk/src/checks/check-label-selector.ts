import type { Violation } from '../errors/openshell-error.js'
import { checkLabels } from './check-labels.js'
import { checkCount, violation } from './check-text.js'

const MAX_PAIRS = 64

/** Every problem of a selector, `key=value,key=value`. Empty pairs and outer spaces mean nothing; an empty value is one. */
export function checkLabelSelector(field: string, selector: string): Violation[] {
  const pairs = selector
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
  return [...checkCount(field, pairs.length, MAX_PAIRS), ...pairs.flatMap((pair, at) => checkPair(field, pair, at))]
}

function checkPair(field: string, pair: string, at: number): Violation[] {
  const separator = pair.indexOf('=')
  if (separator < 0) return [violation(field, 'INVALID_VALUE', `pair ${at + 1} has no "="; write key=value`)]
  return checkLabels(field, { [pair.slice(0, separator).trim()]: pair.slice(separator + 1).trim() })
}
