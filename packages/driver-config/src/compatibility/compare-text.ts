import type { JsonValue } from '../envelope/json-value.js'
import { formatOf, isFormatName } from '../schema/formats.js'
import type { StringNode } from '../schema/schema-node.js'
import { generateMatching } from '../testing/generate-matching.js'
import { seededRandom } from '../testing/seeded-random.js'
import { compareCounts } from './compare-counts.js'
import type { Comparison } from './compare-nested.js'

const probes = [
  '',
  'a',
  'A',
  '0',
  'a b',
  'a/b',
  '/a',
  'a.b',
  'a_b',
  'A1',
  'é',
  '-',
  'a:b',
  'a\n',
  ' a',
  '2027-01-31',
  '10s',
]
const matchingAttempts = 200

/** Compares two texts: length, pattern, format. */
export function compareTexts(comparison: Comparison<StringNode>): void {
  const { before } = comparison
  compareCounts(comparison, {
    least: 'minLength',
    most: 'maxLength',
    noun: 'characters',
    ofLength: (count) => (before.pattern === undefined && before.format === undefined ? 'a'.repeat(count) : undefined),
  })
  comparePatterns(comparison)
  compareFormats(comparison)
}

/** Whether one pattern takes what another takes is not decided, only tried. */
function comparePatterns({ before, after, place, changes }: Comparison<StringNode>): void {
  if (before.pattern === after.pattern) return
  const said = { before: before.pattern, after: after.pattern }
  const { pattern: _, ...free } = before
  if (after.pattern === undefined) {
    changes.add(place.path, 'CONSTRAINT_DROPPED', { ...said, what: 'has no pattern any more' })
    return
  }
  const isolated = { ...free, pattern: after.pattern }
  const facts = { ...said, what: before.pattern === undefined ? 'has a pattern now' : 'has another pattern' }
  changes.addRefusal(place, 'PATTERN_CHANGED', facts, { node: before, isolated, candidates: likelyTexts(before) })
}

function compareFormats({ before, after, place, changes }: Comparison<StringNode>): void {
  if (before.format === after.format) return
  const said = { before: before.format, after: after.format }
  const { format: _, ...free } = before
  if (after.format === undefined) {
    changes.add(place.path, 'CONSTRAINT_DROPPED', { ...said, what: 'has no format any more' })
    return
  }
  const rule = before.format === undefined ? 'FORMAT_ADDED' : 'FORMAT_CHANGED'
  const isolated = { ...free, format: after.format }
  const facts = { ...said, what: before.format === undefined ? 'has a format now' : 'has another format' }
  const refused = isFormatName(after.format) ? formatOf(after.format).refuses : []
  const candidates = [...refused, ...likelyTexts(before)]
  changes.addRefusal(place, rule, facts, { node: before, isolated, candidates })
}

function* likelyTexts({ pattern, format }: StringNode): Generator<JsonValue> {
  yield* probes
  if (format !== undefined && isFormatName(format)) yield* formatOf(format).accepts
  const random = seededRandom(4)
  for (let attempt = 0; pattern !== undefined && attempt < matchingAttempts; attempt += 1)
    yield generateMatching(random, pattern)
}
