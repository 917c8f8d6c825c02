import type { JsonValue } from '../envelope/json-value.js'
import type { ListNode, TupleNode } from '../schema/schema-node.js'
import { compareCounts } from './compare-counts.js'
import type { Comparison } from './compare-nested.js'
import { sampleItems, sampleValue } from './sample-value.js'
import { itemPlace, tupleItemPlace } from './schema-place.js'

/** Compares two lists: the number of items, whether they may repeat, their shape. */
export function compareLists(comparison: Comparison<ListNode>): void {
  const { before, after, place, changes, compare } = comparison
  compareCounts(comparison, {
    least: 'minItems',
    most: 'maxItems',
    noun: 'items',
    ofLength: (count) => sampleItems(before.items, count),
  })
  const said = { before: before.uniqueItems, after: after.uniqueItems }
  if (!said.before && said.after) {
    const isolated = { ...before, uniqueItems: true }
    const candidates = repeatedItems(before)
    changes.addRefusal(
      place,
      'UNIQUE_ADDED',
      { ...said, what: 'no longer takes an item twice' },
      { node: before, isolated, candidates },
    )
  } else if (said.before && !said.after) {
    changes.add(place.path, 'CONSTRAINT_DROPPED', { ...said, what: 'takes an item twice' })
  }
  compare(before.items, after.items, itemPlace(place, before), changes)
}

function repeatedItems(list: ListNode): JsonValue[] {
  const value = sampleValue(list.items)
  return value === undefined ? [] : [Array.from({ length: Math.max(list.minItems, 2) }, () => value)]
}

/** Compares two lists of fixed length, place by place. */
export function compareTuples({ before, after, place, changes, compare }: Comparison<TupleNode>): void {
  const said = { before: before.items.length, after: after.items.length }
  if (said.before !== said.after) {
    const facts = { ...said, what: `has ${said.after} places instead of ${said.before}` }
    changes.addRefusal(place, 'TYPE_NARROWED', facts, { node: before, isolated: after })
    return
  }
  for (const [index, item] of before.items.entries()) {
    const target = after.items[index]
    if (target !== undefined) compare(item, target, tupleItemPlace(place, before, index), changes)
  }
}
