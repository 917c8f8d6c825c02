import type { JsonObject } from '../envelope/json-value.js'
import type { MapNode } from '../schema/schema-node.js'
import { describeCount } from './check-list.js'
import { utf8Length } from './encoded-size.js'
import { maximumBagBytes } from './limits.js'
import { matchesPattern } from './match-text.js'
import { type CheckNested, childPlace, type Place, type StructureReport } from './structure-report.js'

const controls = /\p{Cc}/u
const extensionKey =
  /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z0-9-]*[a-z0-9]\/[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/

/** Checks the keys of an object with free keys, their number, and each value. */
export function checkMap(
  node: MapNode,
  value: JsonObject,
  place: Place,
  report: StructureReport,
  checkNested: CheckNested,
): void {
  const keys = Object.keys(value)
  if (keys.length < node.minProperties || (node.maxProperties !== undefined && keys.length > node.maxProperties)) {
    const expected = describeCount(node.minProperties, node.maxProperties, 'key')
    report.add('ITEM_COUNT_OUT_OF_RANGE', place.tokens, {
      problem: `must have ${expected}, got ${keys.length}`,
      expected,
    })
  }
  for (const key of keys) {
    const member = value[key]
    if (!isMapKey(node, key)) {
      const expected =
        node.keyPattern === undefined ? 'keys without control characters' : `keys that match ${node.keyPattern}`
      report.add('MAP_KEY_INVALID', [...place.tokens, key], {
        problem: `the key is not allowed here; expected ${expected}`,
        expected,
      })
    } else if (member !== undefined) checkNested(node.value, member, childPlace(place, key, '{}', true), report)
  }
}

/** True for a key that a map takes. */
export function isMapKey(node: MapNode, key: string): boolean {
  if (controls.test(key)) return false
  return node.keyPattern === undefined || matchesPattern(node.keyPattern, key)
}

/** Checks the size and the keys of a bag of extensions; what they hold is not checked. */
export function checkBag(value: JsonObject, place: Place, report: StructureReport): void {
  if (utf8Length(JSON.stringify(value)) > maximumBagBytes) {
    report.add('CONFIG_TOO_LARGE', place.tokens, { problem: `is larger than ${maximumBagBytes} bytes` })
  }
  for (const key of Object.keys(value)) {
    if (isExtensionKey(key)) continue
    const expected = 'keys such as vendor.example/name'
    report.add('MAP_KEY_INVALID', [...place.tokens, key], {
      problem: `the key is not allowed here; expected ${expected}`,
      expected,
    })
  }
}

/** True for `vendor.example/name`: a domain name, a slash, a name. */
export function isExtensionKey(key: string): boolean {
  return extensionKey.test(key)
}
