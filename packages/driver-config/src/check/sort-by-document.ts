import { isJsonObject, type JsonValue } from '../envelope/json-value.js'
import type { ConfigIssue } from '../issue/config-issue.js'
import { fromPointer } from '../issue/path.js'

/**
 * Sorts issues by the place of their member in the document. A missing member comes after those that are there; issues of one
 * place, and missing members of one object, keep the order in which they were found.
 */
export function sortByDocument(issues: readonly ConfigIssue[], document: JsonValue): ConfigIssue[] {
  if (issues.length < 2) return [...issues]
  const keyOrders = new Map<object, Map<string, number>>()
  const placed = issues.map((issue) => ({ issue, place: placeOf(fromPointer(issue.pointer), document, keyOrders) }))
  return placed.sort((a, b) => comparePlaces(a.place, b.place)).map(({ issue }) => issue)
}

function placeOf(
  tokens: readonly string[],
  document: JsonValue,
  keyOrders: Map<object, Map<string, number>>,
): number[] {
  const place: number[] = []
  let value: JsonValue | undefined = document
  for (const token of tokens) {
    if (Array.isArray(value)) {
      place.push(Number(token))
      value = value[Number(token)]
    } else if (isJsonObject(value)) {
      place.push(keyOrder(value, keyOrders).get(token) ?? Number.POSITIVE_INFINITY)
      value = Object.hasOwn(value, token) ? value[token] : undefined
    } else break
  }
  return place
}

function keyOrder(value: object, keyOrders: Map<object, Map<string, number>>): Map<string, number> {
  const known = keyOrders.get(value)
  if (known !== undefined) return known
  const order = new Map(Object.keys(value).map((key, index) => [key, index]))
  keyOrders.set(value, order)
  return order
}

function comparePlaces(a: readonly number[], b: readonly number[]): number {
  for (const [index, place] of a.entries()) {
    const other = b[index]
    if (other === undefined) return 1
    if (place !== other) return place < other ? -1 : 1
  }
  return a.length < b.length ? -1 : 0
}
