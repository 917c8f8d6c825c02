import type { JsonValue } from '../envelope/json-value.js'
import type { MapNode } from '../schema/schema-node.js'
import { compareCounts } from './compare-counts.js'
import type { Comparison } from './compare-nested.js'
import { sampleKeys, sampleValue } from './sample-value.js'
import { valuePlace } from './schema-place.js'

const probeKeys = ['a', 'A', '0', '_', '-', 'a.b', 'a/b', 'a b', 'é', 'key', 'a'.repeat(64), '']

/** Compares two objects with free keys: their number, the pattern of keys, the values. */
export function compareMaps(comparison: Comparison<MapNode>): void {
  const { before, after, place, changes, compare } = comparison
  compareCounts(comparison, {
    least: 'minProperties',
    most: 'maxProperties',
    noun: 'keys',
    ofLength: (count) => mapOf(before, count),
  })
  compareKeys(comparison)
  compare(before.value, after.value, valuePlace(place, before), changes)
}

function compareKeys({ before, after, place, changes }: Comparison<MapNode>): void {
  if (before.keyPattern === after.keyPattern) return
  const said = { before: before.keyPattern, after: after.keyPattern }
  const { keyPattern: earlier, ...free } = before
  if (after.keyPattern === undefined) {
    changes.add(place.path, 'MAP_KEY_LOOSENED', { ...said, what: 'takes any key without control characters' })
    return
  }
  const value = sampleValue(before.value)
  const rest = sampleKeys(earlier, Math.max(before.minProperties - 1, 0))
  const keys = [...probeKeys, ...sampleKeys(earlier, 200)]
  const candidates = value === undefined ? [] : keys.map((key) => entriesOf([key, ...rest], value))
  const facts = { ...said, what: `takes keys that match ${after.keyPattern} only` }
  changes.addRefusal(place, 'MAP_KEY_TIGHTENED', facts, {
    node: before,
    isolated: { ...free, keyPattern: after.keyPattern },
    candidates,
  })
}

function mapOf(node: MapNode, count: number): JsonValue | undefined {
  const value = count === 0 ? null : sampleValue(node.value)
  return value === undefined ? undefined : entriesOf(sampleKeys(node.keyPattern, count), value)
}

function entriesOf(keys: readonly string[], value: JsonValue): JsonValue {
  return Object.fromEntries(keys.map((key) => [key, value]))
}
