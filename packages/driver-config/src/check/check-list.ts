import type { JsonValue } from '../envelope/json-value.js'
import type { ListNode, TupleNode } from '../schema/schema-node.js'
import { isPlainlyValid } from './is-plainly-valid.js'
import { type CheckNested, childPlace, type Place, type StructureReport } from './structure-report.js'

/** Checks the number of items, each item, and that scalars do not repeat. */
export function checkList(
  node: ListNode,
  value: readonly JsonValue[],
  place: Place,
  report: StructureReport,
  checkNested: CheckNested,
): void {
  const { length } = value
  if (length < node.minItems || (node.maxItems !== undefined && length > node.maxItems)) {
    reportCount(describeCount(node.minItems, node.maxItems), length, place, report)
  }
  const seen = node.uniqueItems ? new Map<JsonValue, number>() : undefined
  for (let index = 0; index < length; index += 1) {
    const item = value[index]
    if (item === undefined || (seen === undefined && isPlainlyValid(node.items, item))) continue
    const itemPlace = childPlace(place, index, '[]')
    checkNested(node.items, item, itemPlace, report)
    const first = seen?.get(item)
    if (first !== undefined) {
      report.add('ITEMS_NOT_UNIQUE', itemPlace.tokens, {
        problem: `repeats item ${first}`,
        expected: 'items without repetition',
      })
    } else seen?.set(item, index)
  }
}

/** Checks the number of places, and each of them. */
export function checkTuple(
  node: TupleNode,
  value: readonly JsonValue[],
  place: Place,
  report: StructureReport,
  checkNested: CheckNested,
): void {
  const { length } = node.items
  if (value.length !== length) reportCount(describeCount(length, length), value.length, place, report)
  for (const [index, item] of node.items.entries()) {
    const member = value[index]
    if (member !== undefined) checkNested(item, member, childPlace(place, index, '[]'), report)
  }
}

/** Numbers of items in words: `exactly 1 item`, `1 to 4 items`, `at least 2 items`. */
export function describeCount(minimum: number, maximum: number | undefined, noun = 'item'): string {
  const plural = (count: number): string => `${count} ${noun}${count === 1 ? '' : 's'}`
  if (maximum === undefined) return `at least ${plural(minimum)}`
  if (minimum === maximum) return `exactly ${plural(minimum)}`
  return minimum === 0 ? `at most ${plural(maximum)}` : `${minimum} to ${plural(maximum)}`
}

function reportCount(expected: string, length: number, place: Place, report: StructureReport): void {
  const received = length === 1 ? '1 item' : `${length} items`
  const fields = { problem: `must have ${expected}, got ${received}`, fix: `Write ${expected}.`, expected, received }
  report.add('ITEM_COUNT_OUT_OF_RANGE', place.tokens, fields)
}
