import type { JsonValue } from '../envelope/json-value.js'
import type { SchemaNode } from '../schema/schema-node.js'
import type { Comparison } from './compare-nested.js'

/** The keywords of one kind that bound a count, and how to make a value of some count. */
export interface CountKeywords<Keyword extends string> {
  readonly least: Keyword
  readonly most: Keyword
  readonly noun: string
  ofLength(count: number): JsonValue | undefined
}

/** A node with bounds of a count. */
type Counted<Keyword extends string> = SchemaNode & { readonly [Bound in Keyword]?: number }

/** No value within the limits is longer. */
const maximumCount = 16_385

/** Compares the bounds of lengths, items or keys. */
export function compareCounts<Keyword extends string, Node extends Counted<Keyword>>(
  { before, after, place, changes }: Comparison<Node>,
  { least, most, noun, ofLength }: CountKeywords<Keyword>,
): void {
  const low = { before: before[least] ?? 0, after: after[least] ?? 0 }
  if (low.after > low.before) {
    const counts = [low.before, low.after - 1]
    const facts = { ...low, what: `needs at least ${low.after} ${noun} instead of ${low.before}` }
    const isolated = { ...before, [least]: low.after }
    changes.addRefusal(place, 'BOUND_TIGHTENED', facts, { node: before, isolated, candidates: made(counts, ofLength) })
  } else if (low.after < low.before) {
    changes.add(place.path, 'BOUND_LOOSENED', { ...low, what: `takes ${low.after} ${noun} instead of ${low.before}` })
  }
  const high = { before: before[most], after: after[most] }
  const [earlier = Number.POSITIVE_INFINITY, later = Number.POSITIVE_INFINITY] = [high.before, high.after]
  if (later < earlier) {
    const counts = [later + 1, Math.min(earlier, later * 2)]
    const facts = { ...high, what: `takes at most ${later} ${noun}` }
    const isolated = { ...before, [most]: later }
    changes.addRefusal(place, 'BOUND_TIGHTENED', facts, { node: before, isolated, candidates: made(counts, ofLength) })
  } else if (later > earlier) {
    changes.add(place.path, 'BOUND_LOOSENED', { ...high, what: `takes more than ${earlier} ${noun}` })
  }
}

function* made(counts: readonly number[], ofLength: (count: number) => JsonValue | undefined): Generator<JsonValue> {
  for (const count of counts) {
    const value = count <= maximumCount ? ofLength(count) : undefined
    if (value !== undefined) yield value
  }
}
